/** The release of an image of K3s: its tags have a dash where releases have a plus; undefined where the tag names none. */
export function imageVersion(image: string): string | undefined {
  const [, release, build] = /:(v\d+\.\d+\.\d+(?:-rc\d+)?)-(k3s\d+)/.exec(image) ?? [];
  return release === undefined || build === undefined ? undefined : `${release}+${build}`;
}
