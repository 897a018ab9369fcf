# Streams of bytes between processes. Ids, names and ordinals are the reference's.
@0x8f5d14e1c273738d;

using Cxx = import "/capnp/c++.capnp";
$Cxx.namespace("ocapd::wire::schema");
$Cxx.allowCancellation;

interface ByteStream {
  # Where bytes go. Dropping it without end() leaves the stream unfinished.

  write @0 (bytes :Data) -> stream;
  end @1 ();
  getSubstream @2 (callback :SubstreamCallback, limit :UInt64 = 0xffffffffffffffff)
      -> (substream :ByteStream);
  # Lends the stream out: whoever holds `substream` writes to it until it ends or reaches the limit.
  startTls @3 (expectedServerHostname :Text) -> stream;

  interface SubstreamCallback {
    ended @0 (byteCount :UInt64);
    reachedLimit @1 () -> (next :ByteStream);
  }
}
