// The Debian 14 packages that make up the build root, by purpose.

export const suite = 'forky';

/** What a machine needs before any of the tools below can run: shell and text tools. */
// prettier-ignore
export const base = [
  'base-files', 'base-passwd', 'bash', 'coreutils', 'dash', 'debianutils', 'diffutils', 'findutils',
  'gawk', 'grep', 'gzip', 'hostname', 'libc-bin', 'mawk', 'mount', 'netbase', 'procps', 'sed', 'tar',
  'util-linux', 'unzip', 'zip',
];

/** What ocapd is compiled with and linked against. On a Debian 14 machine apt installs these. */
// prettier-ignore
export const wanted = [
  'g++', 'libc6-dev',
  'libnode-dev', 'libcapnp-dev', 'capnproto', 'libssl-dev', 'libsqlite3-dev', 'libada-url-dev',
  'libsimdutf-dev', 'zlib1g-dev', 'libbrotli-dev', 'libzstd-dev',
  'libgtest-dev', 'libgmock-dev', 'libbenchmark-dev',
  'bazel-bootstrap', 'python3-minimal',
  'clang-21', 'lld-21', 'libclang-rt-21-dev', 'clang-format-21',
  'nodejs',
];

/** Facts of the installed headers that ocapd's sources rely on: file, pattern, least version. */
export const minimums = [
  {
    name: 'V8',
    package: 'libnode-dev',
    file: 'usr/include/node/v8-version.h',
    pattern: /V8_MAJOR_VERSION (\d+)[^]*V8_MINOR_VERSION (\d+)/,
    least: [13, 6],
  },
  {
    name: "Cap'n Proto",
    package: 'libcapnp-dev',
    file: 'usr/include/capnp/common.h',
    pattern: /CAPNP_VERSION_MAJOR (\d+)[^]*CAPNP_VERSION_MINOR (\d+)/,
    least: [1, 5],
  },
];
