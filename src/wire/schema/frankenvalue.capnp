# Values put together from several forms, such as props. Ids, names and ordinals are the reference's.
@0xcc3b225cb3101aba;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ocapd::wire::schema");
$Cxx.allowCancellation;

struct Frankenvalue {
  union {
    emptyObject @0 :Void;
    json @1 :Text;
    v8Serialized @2 :Data;
    capability :group {
      capIndex @7 :UInt32;
      tag @8 :UInt16;
      wrapperModule @10 :Text;
    }
    arrayBuffer @9 :Data;
  }

  properties @3 :List(Frankenvalue);
  name @4 :Text;
  capTableSize @5 :UInt32 = 0;
  capTable @6 :AnyPointer;
}
