#include "src/actor/input_gate.h"

#include <gtest/gtest.h>
#include <kj/async-io.h>
#include <string>

namespace ocapd::actor {
namespace {

class InputGateTest : public testing::Test {
 protected:
  // A turn that is entered through `section` and writes its name down.
  void enter(InputGate::Section& section, char name) {
    promises_.add(section.enter()
                      .then([this, name](kj::Own<api::TurnGate::Pass> pass) {
                        pass->use();
                        log_.push_back(name);
                      })
                      .eagerlyEvaluate([this](kj::Exception&&) { log_.push_back('!'); }));
  }
  std::string log() {
    waitScope_.poll();
    return log_;
  }

  kj::EventLoop loop_;
  kj::WaitScope waitScope_{loop_};
  std::string log_;
  InputGate gate_;
  kj::Vector<kj::Promise<void>> promises_;
};

TEST_F(InputGateTest, LetsTurnsInInTheirOrder) {
  for (char name : {'a', 'b', 'c'}) enter(gate_.current(), name);
  EXPECT_EQ(log(), "abc");
}

TEST_F(InputGateTest, KeepsOthersOutOfASection) {
  auto section = gate_.newSection();
  auto begun = section->begin().eagerlyEvaluate(nullptr);
  enter(gate_.current(), 'x');
  enter(*section, 'a');
  EXPECT_EQ(log(), "a");
  enter(*section, 'b');
  EXPECT_EQ(log(), "ab");
  section->end();
  EXPECT_EQ(log(), "abx");
  enter(*section, 'c');
  EXPECT_EQ(log(), "abxc");
}

TEST_F(InputGateTest, BeginsSectionsAheadOfEvents) {
  auto pass = gate_.current().enter().wait(waitScope_);
  enter(gate_.current(), 'x');
  auto section = gate_.newSection();
  auto begun = section->begin().eagerlyEvaluate(nullptr);
  pass = nullptr;
  EXPECT_EQ(log(), "");
  enter(*section, 'a');
  section->end();
  EXPECT_EQ(log(), "ax");
}

TEST_F(InputGateTest, NestsSections) {
  auto outer = gate_.newSection();
  auto begunOuter = outer->begin().eagerlyEvaluate(nullptr);
  kj::Own<InputGate::Section> inner;
  auto pass = outer->enter().wait(waitScope_);
  pass->use();
  inner = gate_.newSection();
  EXPECT_EQ(inner->depth(), 2u);
  auto begunInner = inner->begin().eagerlyEvaluate(nullptr);
  pass = nullptr;
  enter(*outer, 'o');
  enter(gate_.current(), 'x');
  enter(*inner, 'i');
  EXPECT_EQ(log(), "i");
  inner->end();
  EXPECT_EQ(log(), "io");
  outer->end();
  EXPECT_EQ(log(), "iox");
}

TEST_F(InputGateTest, SkipsThoseWhoHaveGone) {
  auto pass = gate_.current().enter().wait(waitScope_);
  {
    auto dropped = gate_.current().enter();
  }
  enter(gate_.current(), 'a');
  pass = nullptr;
  EXPECT_EQ(log(), "a");
}

TEST_F(InputGateTest, TellsEverybodyThatItIsBroken) {
  auto section = gate_.newSection();
  auto begun = section->begin().eagerlyEvaluate(nullptr);
  auto pass = section->enter().wait(waitScope_);
  enter(*section, 'a');
  enter(gate_.current(), 'b');
  gate_.breakWith(KJ_EXCEPTION(FAILED, "broken"));
  enter(*section, 'c');
  EXPECT_EQ(log(), "!!!");
}

TEST_F(InputGateTest, MayGoBeforeItsSections) {
  kj::Own<InputGate::Section> section;
  {
    InputGate gate;
    section = gate.newSection();
  }
  enter(*section, 'a');
  EXPECT_EQ(log(), "!");
}

}  // namespace
}  // namespace ocapd::actor
