/**
 * The full name of an image as containerd keeps it: `docker save` leaves out the registry of Docker Hub.
 * https://github.com/distribution/reference/blob/main/normalize.go
 */
export function fullImageName(name: string): string {
  const [first = '', ...others] = name.split('/');
  if (others.length > 0 && (/[.:]/.test(first) || first === 'localhost')) return name;
  return `docker.io/${others.length === 0 ? 'library/' : ''}${name}`;
}
