// What C++ asks this script for.

  const kModules = {__proto__: null, 'cloudflare-internal:d1-api': d1Module};

  return {
    kv: (service) => new KvNamespace(kInternal, service),
    r2: (service) => new R2Bucket(kInternal, service),
    queue: (service) => new WorkerQueue(kInternal, service),
    analyticsEngine: (service, dataset) => new AnalyticsEngine(kInternal, service, dataset),
    hyperdrive: (service, host, ip, database, user, password, scheme) =>
      new Hyperdrive(kInternal, service, {host, ip, database, user, password, scheme}),
    module: (specifier) => kModules[specifier],
  };
