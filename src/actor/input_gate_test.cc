#include "src/actor/input_gate.h"

#include <gtest/gtest.h>
#include <kj/debug.h>

#include <string>

namespace ocapd::actor {
namespace {

// An actor's gate, and what its turns have written down.
struct Scene {
  // A turn that is entered through `section` and writes its name down.
  void enter(InputGate::Section& section, char name) {
    promises.add(section.enter()
                     .then([this, name](kj::Own<api::TurnGate::Pass> pass) {
                       pass->use();
                       written.push_back(name);
                     })
                     .eagerlyEvaluate([this](kj::Exception&&) { written.push_back('!'); }));
  }
  std::string log() {
    waitScope.poll();
    return written;
  }

  kj::EventLoop loop;
  kj::WaitScope waitScope{loop};
  std::string written;
  InputGate gate;
  kj::Vector<kj::Promise<void>> promises;
};

TEST(InputGate, LetsTurnsInInTheirOrder) {
  Scene scene;
  for (char name : {'a', 'b', 'c'}) scene.enter(scene.gate.current(), name);
  EXPECT_EQ(scene.log(), "abc");
}

TEST(InputGate, KeepsOthersOutOfASection) {
  Scene scene;
  auto section = scene.gate.newSection();
  auto begun = section->begin().eagerlyEvaluate(nullptr);
  scene.enter(scene.gate.current(), 'x');
  scene.enter(*section, 'a');
  EXPECT_EQ(scene.log(), "a");
  scene.enter(*section, 'b');
  EXPECT_EQ(scene.log(), "ab");
  section->end();
  EXPECT_EQ(scene.log(), "abx");
  scene.enter(*section, 'c');
  EXPECT_EQ(scene.log(), "abxc");
}

TEST(InputGate, BeginsSectionsAheadOfEvents) {
  Scene scene;
  auto pass = scene.gate.current().enter().wait(scene.waitScope);
  scene.enter(scene.gate.current(), 'x');
  auto section = scene.gate.newSection();
  auto begun = section->begin().eagerlyEvaluate(nullptr);
  pass = nullptr;
  EXPECT_EQ(scene.log(), "");
  scene.enter(*section, 'a');
  EXPECT_EQ(scene.log(), "a");
  section->end();
  EXPECT_EQ(scene.log(), "ax");
}

TEST(InputGate, NestsSections) {
  Scene scene;
  auto outer = scene.gate.newSection();
  auto begunOuter = outer->begin().eagerlyEvaluate(nullptr);
  kj::Own<InputGate::Section> inner;
  auto pass = outer->enter().wait(scene.waitScope);
  pass->use();
  inner = scene.gate.newSection();
  EXPECT_EQ(inner->depth(), 2u);
  auto begunInner = inner->begin().eagerlyEvaluate(nullptr);
  pass = nullptr;
  scene.enter(*outer, 'o');
  scene.enter(scene.gate.current(), 'x');
  scene.enter(*inner, 'i');
  EXPECT_EQ(scene.log(), "i");
  inner->end();
  EXPECT_EQ(scene.log(), "io");
  outer->end();
  EXPECT_EQ(scene.log(), "iox");
}

TEST(InputGate, SkipsThoseWhoHaveGone) {
  Scene scene;
  auto pass = scene.gate.current().enter().wait(scene.waitScope);
  {
    auto dropped = scene.gate.current().enter();
  }
  scene.enter(scene.gate.current(), 'a');
  pass = nullptr;
  EXPECT_EQ(scene.log(), "a");
}

TEST(InputGate, TellsEverybodyThatItIsBroken) {
  Scene scene;
  auto section = scene.gate.newSection();
  auto begun = section->begin().eagerlyEvaluate(nullptr);
  auto pass = section->enter().wait(scene.waitScope);
  scene.enter(*section, 'a');
  scene.enter(scene.gate.current(), 'b');
  scene.gate.breakWith(KJ_EXCEPTION(FAILED, "broken"));
  scene.enter(*section, 'c');
  EXPECT_EQ(scene.log(), "!!!");
}

TEST(InputGate, MayGoBeforeItsSections) {
  Scene scene;
  kj::Own<InputGate::Section> section;
  {
    InputGate gate;
    section = gate.newSection();
  }
  scene.enter(*section, 'a');
  EXPECT_EQ(scene.log(), "!");
}

}  // namespace
}  // namespace ocapd::actor
