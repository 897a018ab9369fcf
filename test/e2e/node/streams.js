import {PassThrough, Readable, Transform, Writable, finished} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {buffer, json, text} from 'node:stream/consumers';
import zlib from 'node:zlib';
import {promisify} from 'node:util';
import {equal, ok, throws} from '../assert.js';

const shout = () => new Transform({
  transform(chunk, encoding, callback) {
    callback(null, String(chunk).toUpperCase());
  },
});

export const chunksFlowThroughAPipeline = {
  async test() {
    const seen = [];
    const sink = new Writable({
      write(chunk, encoding, callback) {
        seen.push(String(chunk));
        callback();
      },
    });
    await pipeline(Readable.from(['a', 'b']), shout(), sink);
    equal(seen.join(), 'A,B');
    ok(sink.writableFinished && sink.destroyed);
  },
};

export const aFailingPipelineDestroysItsStreams = {
  async test() {
    const source = new PassThrough();
    const failing = new Transform({
      transform(chunk, encoding, callback) {
        callback(new Error('no'));
      },
    });
    source.end('x');
    const message = await pipeline(source, failing, new PassThrough()).catch((e) => e.message);
    equal(message, 'no');
    ok(source.destroyed && failing.destroyed);
  },
};

export const readablesAreIterated = {
  async test() {
    let seen = '';
    for await (const chunk of Readable.from(['a', 'b']).pipe(shout())) seen += chunk;
    equal(seen, 'AB');
    equal((await Readable.from([1, 2, 3]).map((x) => x * 2).toArray()).join(), '2,4,6');
  },
};

export const aReadableRespectsItsHighWaterMark = {
  async test() {
    let reads = 0;
    const source = new Readable({
      highWaterMark: 2,
      read() {
        this.push(++reads > 5 ? null : 'x');
      },
    });
    equal(await text(source), 'xxxxx');
    equal(source.readableHighWaterMark, 2);
  },
};

export const aWritableTellsWhenItIsFull = {
  async test() {
    const sink = new Writable({
      highWaterMark: 3,
      write(chunk, encoding, callback) {
        queueMicrotask(callback);
      },
    });
    ok(sink.write('a'));
    ok(!sink.write('bcd'));
    await new Promise((resolve) => sink.once('drain', resolve));
    sink.end();
    await promisify(finished)(sink);
  },
};

export const contentIsConsumed = {
  async test() {
    equal(await text(Readable.from(['a', 'é'])), 'aé');
    equal((await json(Readable.from(['{"a":', '1}']))).a, 1);
    equal((await buffer(Readable.from([Buffer.from('xy')]))).toString(), 'xy');
  },
};

export const errorsOfDestroyAreEmitted = {
  async test() {
    const stream = new PassThrough();
    const failed = new Promise((resolve) => stream.on('error', (error) => resolve(error.message)));
    stream.destroy(new Error('gone'));
    equal(await failed, 'gone');
    ok(stream.destroyed);
  },
};

export const compressionGoesBothWays = {
  async test() {
    const text = Buffer.from('hello world '.repeat(10000));
    ok(zlib.gunzipSync(zlib.gzipSync(text)).equals(text));
    ok(zlib.inflateSync(zlib.deflateSync(text)).equals(text));
    ok(zlib.inflateRawSync(zlib.deflateRawSync(text)).equals(text));
    ok(zlib.brotliDecompressSync(zlib.brotliCompressSync(text)).equals(text));
    ok((await promisify(zlib.gunzip)(await promisify(zlib.gzip)(text))).equals(text));
    equal(zlib.deflateSync('abc').toString('hex'), '789c4b4c4a0600024d0127');
    equal(zlib.crc32('hello'), 907060870);
  },
};

export const compressionIsAStream = {
  async test() {
    const gunzip = zlib.createGunzip();
    const read = buffer(gunzip);
    await pipeline(Readable.from([Buffer.from('ab'), Buffer.from('cd')]), zlib.createGzip(), gunzip);
    equal((await read).toString(), 'abcd');
  },
};

export const badInputIsRefused = {
  async test() {
    throws(() => zlib.inflateSync(Buffer.from('zork')), {message: 'incorrect header check'});
    throws(() => zlib.inflateSync(zlib.deflateSync('hello').subarray(0, 5)),
        {message: 'unexpected end of file'});
    const message = await promisify(zlib.gunzip)(Buffer.from('zork')).catch((e) => e.message);
    equal(message, 'incorrect header check');
  },
};

export const concatenatedGzipFilesAreOne = {
  test() {
    const both = Buffer.concat([zlib.gzipSync('a'), zlib.gzipSync('b')]);
    equal(zlib.gunzipSync(both).toString(), 'ab');
  },
};
