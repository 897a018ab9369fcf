
  // ---- the timeline ----

  /** In the order of their start. @type {any[]} */
  let entries = [];
  // Entries stay until they are cleared; a worker that never does has the oldest dropped.
  const kEntriesMax = 10_000;

  const append = (list, value) => {
    defineProperty(list, list.length, {
      __proto__: null, value, writable: true, enumerable: true, configurable: true,
    });
  };
  const filter = (list, keeps) => {
    const kept = [];
    for (let i = 0; i < list.length; ++i) {
      if (keeps(list[i])) append(kept, list[i]);
    }
    return kept;
  };

  /** @type {(entry: any) => {name: string, type: string, start: number, duration: number, detail: any}} */
  let parts;

  class PerformanceEntry {
    #parts;

    constructor(key, given) {
      if (key !== kInternal) throw new TypeError('Illegal constructor');
      this.#parts = given;
    }
    static {
      parts = (entry) => {
        if (!isObject(entry) || !(#parts in entry)) throw new TypeError('Illegal invocation');
        return entry.#parts;
      };
    }
    get name() {
      return parts(this).name;
    }
    get entryType() {
      return parts(this).type;
    }
    get startTime() {
      return parts(this).start;
    }
    get duration() {
      return parts(this).duration;
    }
    toJSON() {
      return toJson(this);
    }
  }

  // Without `detail` when there is none, as in the reference.
  function toJson(entry) {
    const {name, type, start, duration, detail} = parts(entry);
    const json = {name, entryType: type, startTime: start, duration};
    if (detail !== null) json.detail = detail;
    return json;
  }

  /** @param {IArguments} given @param {string} where */
  function readMark(given, where, what) {
    if (given.length < 1) throw new TypeError(`${where}: ${what} 1 is not of type 'string'.`);
    const name = `${given[0]}`;
    const options = given[1];
    if (options !== undefined && options !== null && !isObject(options)) {
      throw new TypeError(`${where}: ${what} 2 is not of type 'Options'.`);
    }
    const detail = options?.detail ?? null;
    const startTime = options?.startTime;
    const start = startTime === undefined ? now() : +startTime;
    return {name, type: 'mark', start, duration: 0, detail};
  }

  class PerformanceMark extends PerformanceEntry {
    constructor(name, options = undefined) {
      super(kInternal,
          readMark(arguments, "Failed to construct 'PerformanceMark'", 'constructor parameter'));
    }
    get detail() {
      return parts(this).detail;
    }
    toJSON() {
      return toJson(this);
    }
  }

  class PerformanceMeasure extends PerformanceEntry {
    get detail() {
      return parts(this).detail;
    }
    toJSON() {
      return toJson(this);
    }
  }

  class PerformanceResourceTiming extends PerformanceEntry {}
  for (const name of [
    'connectEnd', 'connectStart', 'decodedBodySize', 'domainLookupEnd', 'domainLookupStart',
    'encodedBodySize', 'fetchStart', 'initiatorType', 'nextHopProtocol', 'redirectEnd',
    'redirectStart', 'requestStart', 'responseEnd', 'responseStart', 'responseStatus',
    'secureConnectionStart', 'transferSize', 'workerStart',
  ]) {
    // Nothing makes one, as in the reference.
    defineProperty(PerformanceResourceTiming.prototype, name, {
      get() {
        throw new TypeError('Illegal invocation');
      },
      configurable: true,
    });
  }

  function record(entry) {
    const {start} = parts(entry);
    let at = entries.length;
    append(entries, entry);
    for (; at > 0 && parts(entries[at - 1]).start > start; --at) entries[at] = entries[at - 1];
    entries[at] = entry;
    if (entries.length > kEntriesMax) {
      for (let i = 1; i < entries.length; ++i) entries[i - 1] = entries[i];
      entries.length = kEntriesMax;
    }
    return entry;
  }

  /** The time of the latest mark of that name; 0 if there is none, as in the reference. */
  function timeOfMark(name) {
    for (let i = entries.length - 1; i >= 0; --i) {
      const each = parts(entries[i]);
      if (each.type === 'mark' && each.name === name) return each.start;
    }
    return 0;
  }
  const toTime = (given) => typeof given === 'number' ? given : timeOfMark(`${given}`);

  // https://w3c.github.io/user-timing/#dom-performance-measure
  function newMeasure(name, startOrOptions, endMark) {
    let start;
    let end = endMark === undefined ? undefined : toTime(endMark);
    let detail = null;
    if (isObject(startOrOptions)) {
      const {detail: givenDetail, duration, end: givenEnd, start: givenStart} = startOrOptions;
      detail = givenDetail ?? null;
      start = givenStart === undefined ? undefined : toTime(givenStart);
      if (givenEnd !== undefined) end = toTime(givenEnd);
      if (duration !== undefined) {
        if (end === undefined) end = (start ?? 0) + +duration;
        else start ??= end - +duration;
      }
    } else if (startOrOptions !== undefined && startOrOptions !== null) {
      start = toTime(startOrOptions);
    }
    end ??= now();
    start ??= 0;
    const duration = end > start ? end - start : 0;
    return new PerformanceMeasure(kInternal, {name, type: 'measure', start, duration, detail});
  }

  const byName = (list, name, type) => filter(list, (each) => {
    const its = parts(each);
    return its.name === name && (type === undefined || its.type === type);
  });
  const requireString = (given, method, type = 'Performance') => {
    if (given.length >= 1) return `${given[0]}`;
    throw new TypeError(
        `Failed to execute '${method}' on '${type}': parameter 1 is not of type 'string'.`);
  };

  class EventCounts {
    #map = new NativeMap();

    constructor(key) {
      if (key !== kInternal) throw new TypeError('Illegal constructor');
    }
    get size() {
      this.#map;
      return 0;
    }
    get(type) {
      this.#map;
      return undefined;
    }
    has(type) {
      this.#map;
      return false;
    }
    entries() {
      return this.#map.entries();
    }
    keys() {
      return this.#map.keys();
    }
    values() {
      return this.#map.values();
    }
    forEach(callback) {
      this.#map;
    }
  }
  defineProperty(EventCounts.prototype, Symbol.iterator, {
    value: EventCounts.prototype.entries, writable: true, configurable: true,
  });
  const eventCounts = new EventCounts(kInternal);

  // As in the reference, observers are never told.
  class PerformanceObserver {
    #brand = true;

    constructor(callback) {
      if (typeof callback === 'function') return;
      throw new TypeError(
          "Failed to construct 'PerformanceObserver': constructor parameter 1 is not of type 'Value'.");
    }
    disconnect() {
      this.#brand;
    }
    observe(options) {
      this.#brand;
    }
    takeRecords() {
      this.#brand;
      return [];
    }
    static get supportedEntryTypes() {
      return ['measure', 'mark'];
    }
  }

  class PerformanceObserverEntryList {
    constructor() {
      throw new TypeError('Illegal constructor');
    }
    getEntries() {
      throw new TypeError('Illegal invocation');
    }
    getEntriesByType(type) {
      throw new TypeError('Illegal invocation');
    }
    getEntriesByName(name) {
      throw new TypeError('Illegal invocation');
    }
  }

  const kTimeline = {
    get eventCounts() {
      check(this);
      return eventCounts;
    },
    clearMarks(name = undefined) {
      check(this);
      clear('mark', name);
    },
    clearMeasures(name = undefined) {
      check(this);
      clear('measure', name);
    },
    clearResourceTimings() {
      check(this);
    },
    getEntries() {
      check(this);
      return filter(entries, () => true);
    },
    getEntriesByName(name, type = undefined) {
      check(this);
      const wanted = requireString(arguments, 'getEntriesByName');
      return byName(entries, wanted, type === undefined ? undefined : `${type}`);
    },
    getEntriesByType(type) {
      check(this);
      const wanted = requireString(arguments, 'getEntriesByType');
      return filter(entries, (each) => parts(each).type === wanted);
    },
    mark(name, options = undefined) {
      check(this);
      const read = readMark(arguments, "Failed to execute 'mark' on 'Performance'", 'parameter');
      return record(new PerformanceMark(read.name, {startTime: read.start, detail: read.detail}));
    },
    measure(name, startOrOptions = undefined, endMark = undefined) {
      check(this);
      return record(newMeasure(requireString(arguments, 'measure'), startOrOptions, endMark));
    },
    setResourceTimingBufferSize(size) {
      check(this);
    },
    toJSON() {
      check(this);
      return {timeOrigin: 0};
    },
  };
  const kNodesPart = {
    get nodeTiming() {
      check(this);
      return {
        name: 'node', entryType: 'node', startTime: 0, duration: now(), nodeStart: 0, v8Start: 0,
        bootstrapComplete: 0, environment: 0, loopStart: 0, loopExit: 0, idleTime: 0,
      };
    },
    eventLoopUtilization() {
      check(this);
      return {idle: 0, active: 0, utilization: 0};
    },
    markResourceTiming() {
      check(this);
    },
    timerify(callback) {
      check(this);
      return callback;
    },
  };

  function clear(type, name) {
    const wanted = name === undefined ? undefined : `${name}`;
    entries = filter(entries, (each) => {
      const its = parts(each);
      return its.type !== type || (wanted !== undefined && its.name !== wanted);
    });
  }

  const kClasses = {
    Performance, PerformanceEntry, PerformanceMark, PerformanceMeasure, PerformanceObserver,
    PerformanceObserverEntryList, PerformanceResourceTiming,
  };
  for (const name of ownKeys(kClasses)) {
    if (name !== 'Performance') finish(kClasses[name]);
  }
  finish(EventCounts);

  function addTo(target, source) {
    for (const name of ownKeys(source)) {
      const property = {...Object.getOwnPropertyDescriptor(source, name)};
      defineProperty(target, name, {__proto__: null, ...property});
    }
  }
  // Kept ready: what flags add is defined before any user code.
  return {
    __proto__: null,
    /** @param {boolean} isNode */
    install(isNode) {
      addTo(Performance.prototype, kTimeline);
      if (isNode) addTo(Performance.prototype, kNodesPart);
      for (const name of ownKeys(kClasses)) {
        defineProperty(globalThis, name, {
          value: kClasses[name], writable: true, configurable: true,
        });
      }
    },
  };
}
