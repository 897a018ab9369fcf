// Object: a native object that JavaScript can hold. Base of every class in an api/ table.
//
// Owns      nothing; derived classes own what they say.
// Lives     as long as JavaScript or another traced object reaches it (cppgc, one heap with V8's).
// Threads   its isolate's lane.
// Traps     a destructor may not touch another collected object and does no I/O: destruction runs
//           in the sweeper. Each Member and TracedReference is listed in Trace.
#pragma once

#include <vector>

#include <cppgc/garbage-collected.h>
#include <cppgc/member.h>
#include <cppgc/visitor.h>
#include <v8-cppgc.h>
#include <v8-object.h>
#include <v8-traced-handle.h>

namespace ocapd::js {

struct Class;
class Turn;

// Without pointer compression V8 does not check tags; the receiver check is V8's Signature and the
// argument check is jsClass(). One tag therefore says all there is to say: "one of ours".
// Differs: style.md asks for one tag a class, which would be decoration here.
constexpr v8::CppHeapPointerTag kObjectTag = v8::CppHeapPointerTag::kDefaultTag;

// What consoles and debuggers show of an object besides its getters.
struct Preview {
  std::vector<v8::Local<v8::Value>> entries;  // key, value, key, value, … of a map-like object
  bool isMapLike = false;
  std::vector<v8::Local<v8::Value>> internals;  // name, value, …; shown in brackets
};

class Object : public cppgc::GarbageCollected<Object> {
 public:
  virtual const Class& jsClass() const = 0;
  // Must not run user code.
  virtual void preview(Turn&, Preview&) {}
  virtual void Trace(cppgc::Visitor* visitor) const { visitor->Trace(wrapper_); }

 private:
  friend class Turn;
  v8::TracedReference<v8::Object> wrapper_;
};

}  // namespace ocapd::js
