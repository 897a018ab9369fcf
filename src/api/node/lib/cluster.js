// node:cluster: a worker has no siblings it could fork.
'use strict';

const EventEmitter = require('events');
const {stub} = require('ocapd/stubs');

class Cluster extends EventEmitter {}

class Worker extends EventEmitter {
  constructor(options = {}) {
    super();
    this.exitedAfterDisconnect = undefined;
    this.state = options?.state || 'none';
    this.id = options?.id | 0;
    this.process = options?.process;
  }

  kill() {}
  destroy() {}
  disconnect() {}
  isDead() {
    return true;
  }
  isConnected() {
    return false;
  }
  send() {
    return false;
  }
}

module.exports = Object.assign(new Cluster(), {
  Cluster,
  Worker,
  SCHED_NONE: 1,
  SCHED_RR: 2,
  schedulingPolicy: 2,
  isMaster: true,
  isPrimary: true,
  isWorker: false,
  settings: {},
  workers: {},
  disconnect: stub('disconnect', 'cluster.disconnect'),
  fork: stub('fork', 'cluster.fork'),
  setupMaster: stub('setupMaster', 'cluster.setupMaster'),
  setupPrimary: stub('setupPrimary', 'cluster.setupPrimary'),
});
