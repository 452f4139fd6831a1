/** What `disable` takes; https://docs.k3s.io/installation/packaged-components. `ccm` works and is not documented. */
export const PACKAGED_COMPONENTS = ['coredns', 'servicelb', 'traefik', 'local-storage', 'metrics-server', 'runtimes'];

export const KNOWN_ITEMS: ReadonlySet<string> = new Set([...PACKAGED_COMPONENTS, 'ccm']);
