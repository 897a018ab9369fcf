# A channel written down. Ids, names and ordinals are the reference's.
@0xc086f616deb649e5;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ocapd::wire::schema");
$Cxx.allowCancellation;

using Frankenvalue = import "frankenvalue.capnp".Frankenvalue;

const rpcTokenMagic :UInt32 = 0x821dad26;
const storageTokenMagic :UInt32 = 0x9082806d;

struct ChannelToken {
  type @0 :Type;

  union {
    service :group {
      name @1 :Text;
      entrypoint @2 :Text;
      props @3 :Frankenvalue;
    }
    actor :group {
      namespaceKey @4 :Text;
      id @5 :Data;
      name @6 :Text;
    }
    restored :group {
      vendor @7 :Data;
      restoreArg @8 :Frankenvalue;
    }
  }

  persistence :union {
    none @9 :Void;
    irrevocable @10 :Void;
  }

  enum Type {
    subrequest @0;
    actorClass @1;
    rpc @2;
  }

  struct FrankenvalueCapTable {
    caps @0 :List(Cap);

    struct Cap {
      union {
        unknown @0 :Void;
        subrequestChannel @1 :Data;
        actorClassChannel @2 :Data;
        rpcChannel @3 :Data;
      }
    }
  }
}
