// node:perf_hooks: the global's performance classes.
//
// See https://nodejs.org/api/perf_hooks.html
'use strict';

const {stub} = require('ocapd/stubs');

module.exports = {
  Performance: globalThis.Performance,
  PerformanceEntry: globalThis.PerformanceEntry,
  PerformanceMark: globalThis.PerformanceMark,
  PerformanceMeasure: globalThis.PerformanceMeasure,
  PerformanceObserver: globalThis.PerformanceObserver,
  PerformanceObserverEntryList: globalThis.PerformanceObserverEntryList,
  PerformanceResourceTiming: globalThis.PerformanceResourceTiming,
  constants: require('ocapd/data/perf_hooks'),
  createHistogram: stub('createHistogram'),
  eventLoopUtilization: () => ({idle: 0, active: 0, utilization: 0}),
  monitorEventLoopDelay: stub('monitorEventLoopDelay'),
  performance: globalThis.performance,
  timerify: (fn) => fn,
};
