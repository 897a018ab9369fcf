// The class-table kit from JavaScript's side, on an isolate born from a snapshot made here.

#include "src/js/class.h"

#include <gtest/gtest.h>

#include "src/js/dictionary.h"
#include "src/js/isolate.h"
#include "src/js/snapshot.h"

namespace ocapd::js {

struct CounterOptions {
  static constexpr const char* kDictionaryName = "CounterOptions";
  kj::Maybe<double> start;
  bool loud = false;
};
inline constexpr Field<CounterOptions> kCounterOptions[] = {
    field<&CounterOptions::start>("start"),
    field<&CounterOptions::loud>("loud"),
};
template <>
struct Convert<CounterOptions> : DictionaryConvert<CounterOptions, kCounterOptions> {};

namespace {

uint destroyedCounters = 0;

class Base : public Object {
 public:
  static constexpr const char* kClassName = "Base";
  static const Class kClass;
  kj::StringPtr kind() { return "base"_kj; }
  const Class& jsClass() const override { return kClass; }
};

class Counter final : public Base {
 public:
  static constexpr const char* kClassName = "Counter";
  static const Class kClass;

  explicit Counter(double value) : value_(value) {}
  ~Counter() { ++destroyedCounters; }

  static Counter* create(Turn& turn, kj::Maybe<CounterOptions> options) {
    double start = 0;
    KJ_IF_MAYBE(given, options) {
      start = given->start.orDefault(0);
    }
    return turn.make<Counter>(start);
  }
  double add(double amount) { return value_ += amount; }
  double value() const { return value_; }
  void setValue(double value) {
    if (value < 0) throw Error::range("Counter: value is ", value, "; it cannot be negative.");
    value_ = value;
  }
  Counter* self() { return this; }
  bool isSame(Counter* other) { return this == other; }
  Promise failLater() { throw Error::type("later"); }
  kj::String echo(kj::String text) { return text; }

  const Class& jsClass() const override { return kClass; }

 private:
  double value_;
};

constexpr Member kBaseMembers[] = {getter<&Base::kind>("kind")};
constexpr Member kCounterMembers[] = {
    constructor<&Counter::create>(),
    method<&Counter::add>("add").alsoAs(Symbol::Iterator),
    accessor<&Counter::value, &Counter::setValue>("value"),
    method<&Counter::self>("self"),
    method<&Counter::isSame>("isSame"),
    method<&Counter::failLater>("failLater"),
    method<&Counter::echo>("echo"),
};

kj::String greet(kj::String name) {
  return kj::str("hello ", name);
}
constexpr Member kGreet = function<&greet>("greet");
constexpr Builtin kDouble{.name = "double",
                          .source = "(native) => (x) => native.greet(x) + native.greet(x)",
                          .natives = std::span<const Member>(&kGreet, 1)};

}  // namespace

constinit const Class Base::kClass{.name = kClassName, .members = kBaseMembers};
constinit const Class Counter::kClass{
    .name = kClassName, .members = kCounterMembers, .parent = &Base::kClass};

namespace {

const GlobalBuilder& testGlobal() {
  static const GlobalBuilder kGlobal = [] {
    GlobalBuilder global;
    global.add(Base::kClass).add(Counter::kClass).add(kGreet).add(kDouble);
    return global;
  }();
  return kGlobal;
}

Engine& testEngine() {
  static constexpr kj::StringPtr kFlags[] = {"--expose-gc"_kj};
  static auto* engine = new Engine(kFlags);  // V8 starts once in a process and stays
  return *engine;
}

kj::ArrayPtr<const kj::byte> testSnapshot() {
  static const kj::Array<kj::byte> kBytes = makeSnapshot(testEngine(), testGlobal());
  return kBytes;
}

class ClassTable : public testing::Test {
 public:
  ~ClassTable() noexcept override {}

 protected:
  // The completion value of a script as text; "throws X" when it throws.
  std::string eval(const char* source) {
    std::string result;
    isolate_.run([&](Turn& turn) {
      v8::Local<v8::Value> value;
      auto failure = turn.catching([&] {
        auto script =
            turn.check(v8::Script::Compile(turn.context, turn.string(kj::StringPtr(source))));
        value = turn.check(script->Run(turn.context));
        turn.v8->PerformMicrotaskCheckpoint();
      });
      bool threw = false;
      KJ_IF_MAYBE(reason, failure) {
        value = *reason;
        threw = true;
      }
      auto text = turn.utf8(turn.check(value->ToString(turn.context)));
      result = (threw ? "throws " : "") + std::string(text.begin(), text.size());
    });
    return result;
  }

  Isolate isolate_{testEngine(), testGlobal(), testSnapshot(), {}};
};

TEST_F(ClassTable, BehavesAsWebIdlSays) {
  struct Row {
    const char* why;
    const char* script;
    const char* result;
  };
  for (const Row& row : {
           Row{"construction with a dictionary", "new Counter({start: 3}).value", "3"},
           Row{"absent dictionary", "new Counter().value", "0"},
           Row{"methods convert", "new Counter().add('4')", "4"},
           Row{"setter", "let c = new Counter(); c.value = 7; c.value", "7"},
           Row{"setter error", "new Counter().value = -1",
               "throws RangeError: Counter: value is -1; it cannot be negative."},
           Row{"inherited getter", "new Counter().kind", "base"},
           Row{"prototype chain", "Object.getPrototypeOf(Counter.prototype) === Base.prototype",
               "true"},
           Row{"instanceof", "new Counter() instanceof Base", "true"},
           Row{"toStringTag", "String(new Counter())", "[object Counter]"},
           Row{"name", "Counter.name + Counter.prototype.add.name", "Counteradd"},
           Row{"required parameters are the length", "Counter.prototype.add.length", "1"},
           Row{"optional ones are not", "Counter.length", "0"},
           Row{"methods are no constructors",
               "try { new Counter.prototype.add() } catch (e) { e.name }", "TypeError"},
           Row{"classes are not callable", "Counter()",
               "throws TypeError: Failed to construct 'Counter': Please use the 'new' operator, "
               "this object constructor cannot be called as a function."},
           Row{"no constructor row", "new Base()", "throws TypeError: Illegal constructor"},
           Row{"brand check of methods", "Counter.prototype.add.call({}, 1)",
               "throws TypeError: Illegal invocation"},
           Row{"brand check of getters", "Counter.prototype.value",
               "throws TypeError: Illegal invocation"},
           Row{"brand check by subclass",
               "Object.getOwnPropertyDescriptor(Base.prototype, 'kind').get.call(new Counter())",
               "base"},
           Row{"too few arguments", "new Counter().add()",
               "throws TypeError: Failed to execute 'add' on 'Counter': parameter 1 is not of "
               "type 'number'."},
           Row{"wrong class of argument", "new Counter().isSame({})",
               "throws TypeError: Failed to execute 'isSame' on 'Counter': parameter 1 is not of "
               "type 'Counter'."},
           Row{"same wrapper for the same object", "let d = new Counter(); d.self() === d", "true"},
           Row{"user code's exceptions pass", "new Counter().add({valueOf() { throw 'mine' }})",
               "throws mine"},
           Row{"dictionary of the wrong type", "new Counter(5)",
               "throws TypeError: Failed to construct 'Counter': constructor parameter 1 is not of "
               "type 'CounterOptions'."},
           Row{"members are enumerable", "Object.keys(Counter.prototype).includes('add')", "true"},
           Row{"classes are not", "Object.keys(globalThis).includes('Counter')", "false"},
           Row{"symbol member", "Counter.prototype[Symbol.iterator] === Counter.prototype.add",
               "true"},
           Row{"lone surrogates are replaced", "new Counter().echo('a\\ud800b') === 'a\\ufffdb'",
               "true"},
           Row{"text beyond Latin-1",
               "new Counter().echo('h\\u00e9 \\u{1f600}') === 'h\\u00e9 \\u{1f600}'", "true"},
           Row{"global function", "greet('you')", "hello you"},
           Row{"subclassing",
               "class Mine extends Counter { twice() { return this.add(1) + this.add(1) } }; new "
               "Mine({start: 1}).twice()",
               "5"},
       }) {
    SCOPED_TRACE(row.why);
    EXPECT_EQ(eval(kj::str("{", row.script, "}").cStr()), row.result);
  }
}

TEST_F(ClassTable, RejectsInsteadOfThrowingWhenAPromiseIsTheResult) {
  EXPECT_EQ(
      eval("globalThis.seen = ''; new Counter().failLater().catch(e => { seen = String(e) })"),
      "[object Promise]");
  EXPECT_EQ(eval("seen"), "TypeError: later");
}

TEST_F(ClassTable, CollectsNativeObjectsThatNothingReaches) {
  uint before = destroyedCounters;
  eval("for (let i = 0; i < 1000; ++i) new Counter()");
  eval("gc(); gc()");
  EXPECT_GE(destroyedCounters - before, 900u);
}

TEST_F(ClassTable, KeepsValuesOfBuiltInScriptsInTheSnapshot) {
  isolate_.run([&](Turn& turn) {
    auto function = isolate_.builtin(turn, kDouble).As<v8::Function>();
    v8::Local<v8::Value> argument = turn.string("x"_kj);
    auto result = turn.check(function->Call(turn.context, turn.undefined(), 1, &argument));
    EXPECT_EQ(turn.utf8(result.As<v8::String>()), "hello xhello x");
  });
}

TEST_F(ClassTable, SurvivesATurnThatFillsTheHeap) {
  Isolate small(testEngine(), testGlobal(), testSnapshot(), {.heapBytesMax = 16 * 1024 * 1024});
  auto outcome = small.run([&](Turn& turn) {
    try {
      auto script = turn.check(v8::Script::Compile(
          turn.context,
          turn.string("const all = []; for (;;) all.push(new Array(1000).fill(1.5))"_kj)));
      turn.check(script->Run(turn.context));
    } catch (Thrown&) {
    }
  });
  EXPECT_EQ(outcome, Isolate::Outcome::OutOfMemory);
  bool ranAgain = false;
  EXPECT_EQ(small.run([&](Turn& turn) {
    ranAgain = turn.check(v8::Script::Compile(turn.context, turn.string("1 + 1"_kj)))
                   ->Run(turn.context)
                   .ToLocalChecked()
                   ->IsNumber();
  }),
            Isolate::Outcome::Finished);
  EXPECT_TRUE(ranAgain);
}

}  // namespace
}  // namespace ocapd::js
