// https://developers.cloudflare.com/hyperdrive/

  const kPorts = {__proto__: null, mysql: 3306};
  const kPostgresPort = 5432;

  class Hyperdrive {
    #service;
    #address;

    constructor(key, service, {host, ip, database, user, password, scheme}) {
      requireInternal(key);
      const port = kPorts[scheme] ?? kPostgresPort;
      this.#service = service;
      this.#address = `${host}:${port}`;
      const query = scheme === 'mysql' ? 'ssl-mode=disabled' : 'sslmode=disable';
      const connectionString =
          `${scheme}://${user}:${password}@${host}:${port}/${database}?${query}`;
      const fields = [
        ['connectionString', connectionString], ['port', port], ['ip', ip], ['host', host],
        ['password', password], ['user', user], ['database', database],
      ];
      for (let i = 0; i < fields.length; ++i) {
        const [name, value] = fields[i];
        defineProperty(this, name, {__proto__: null, value, enumerable: true});
      }
    }

    connect() {
      if (!(#service in this)) throw newIllegalInvocation();
      return native.connect(this.#service, this.#address);
    }
  }
  finish('Hyperdrive', Hyperdrive);
