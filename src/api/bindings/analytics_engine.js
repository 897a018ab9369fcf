// https://developers.cloudflare.com/analytics/analytics-engine/

  const kPointsMax = 20;

  class AnalyticsEngine {
    #service;
    #dataset;

    constructor(key, service, dataset) {
      requireInternal(key);
      this.#service = service;
      this.#dataset = dataset;
    }

    /** @param {{indexes?: any[], doubles?: number[], blobs?: any[]}} [point] */
    writeDataPoint(point = undefined) {
      if (!(#service in this)) throw newIllegalInvocation();
      const {indexes = [], doubles = [], blobs = []} = point ?? {};
      const row = {
        __proto__: null, accountId: '1', dataset: toBytes(this.#dataset), schemaVersion: '0',
        index1: isMissing(indexes[0]) ? [] : toBytes(indexes[0]),
        timestamp: `${NativeDate.now()}000000`,
      };
      for (let i = 0; i < kPointsMax; ++i) {
        const value = i < doubles.length ? +doubles[i] : 0;
        row[`double${i + 1}`] = isFinite(value) ? value : `${value}`;
      }
      for (let i = 0; i < kPointsMax && i < blobs.length; ++i) {
        if (!isMissing(blobs[i])) row[`blob${i + 1}`] = toBytes(blobs[i]);
      }
      native.waitUntil(
          native.send(this.#service, 'POST', 'https://fake-host', [], native.utf8(toJson(row))));
    }
  }
  finish('AnalyticsEngine', AnalyticsEngine);

  /** Bytes as an array of numbers. */
  function toBytes(value) {
    const bytes = native.kindOf(value) === 'bytes' ? native.copyBytes(value)
                                                   : native.utf8(`${value}`);
    const result = [];
    for (let i = 0; i < bytes.length; ++i) push(result, bytes[i]);
    return result;
  }
