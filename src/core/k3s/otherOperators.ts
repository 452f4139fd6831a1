/** Something of a cluster that runs pods for long. */
export interface RunningWorkload {
  /** `namespace/name`. */
  readonly name: string;
  readonly images: readonly string[];
  /** How many pods it is to have; undefined when that is not known. */
  readonly pods?: number;
}

/** A plan of system-upgrade-controller. https://docs.k3s.io/upgrades/automated */
export interface UpgradePlan {
  /** `namespace/name`. */
  readonly name: string;
  /** As it is written; absent when a channel decides. */
  readonly version?: string;
  /** What the controller made of version or channel, as an image is tagged. */
  readonly resolved?: string;
  /** The program that it runs on nodes; absent when that is not known. */
  readonly image?: string;
  /** Nodes at which it is at work. */
  readonly applying: readonly string[];
}

/** Programs that change releases or reboot nodes by themselves. Charts put names around theirs, so the image tells as well. */
const OPERATORS = {
  kured: { name: /^(?:.+-)?kured(?:-.+)?$/, image: /(?:^|\/)kured(?::|@|$)/ },
  'system-upgrade-controller': {
    name: /^(?:.+-)?system-upgrade-controller$/,
    image: /(?:^|\/)system-upgrade-controller(?::|@|$)/,
  },
  rancher: { name: /^cattle-cluster-agent$/, image: /(?:^|\/)rancher-agent(?::|@|$)/ },
  fleet: { name: /^fleet-(?:agent|controller)$/, image: /(?:^|\/)fleet(?:-agent)?(?::|@|$)/ },
  'kube-vip': { name: /^kube-vip(?:-ds)?$/, image: /(?:^|\/)kube-vip(?::|@|$)/ },
} as const satisfies Readonly<Record<string, { readonly name: RegExp; readonly image: RegExp }>>;

export type OtherOperator = keyof typeof OPERATORS;

/** The first workload that is this program and has not been scaled to nothing; undefined when there is none. */
export function runningOperator(
  operator: OtherOperator,
  workloads: readonly RunningWorkload[],
): RunningWorkload | undefined {
  const { name: named, image } = OPERATORS[operator];
  return workloads.find(
    ({ name, images, pods }) =>
      pods !== 0 && (named.test(name.slice(name.indexOf('/') + 1)) || images.some((one) => image.test(one))),
  );
}

/** Who may change releases or reboot nodes now. */
export interface OthersAtWork {
  /** The controller of upgrade plans, where it runs. */
  readonly controller?: RunningWorkload;
  /** Plans that it keeps nodes at another release by; none without it. */
  readonly steering: readonly UpgradePlan[];
  /** Plans that work on a node now, whoever was paused since. */
  readonly atWork: readonly UpgradePlan[];
  /** kured, unless a person holds it. */
  readonly kured?: RunningWorkload;
}

/** Who else is at work in a cluster that is to have these releases. */
export function othersAtWork(
  {
    plans,
    workloads,
    manualLock,
  }: {
    readonly plans: readonly UpgradePlan[];
    readonly workloads: readonly RunningWorkload[];
    readonly manualLock: boolean;
  },
  releases: readonly string[],
): OthersAtWork {
  const controller = runningOperator('system-upgrade-controller', workloads);
  const kured = manualLock ? undefined : runningOperator('kured', workloads);
  return {
    ...(controller === undefined ? {} : { controller }),
    steering: controller === undefined ? [] : plans.filter((plan) => keepsOtherRelease(plan, releases)),
    atWork: plans.filter(({ applying }) => applying.length > 0),
    ...(kured === undefined ? {} : { kured }),
  };
}

/**
 * Whether such a plan puts K3s of another release on nodes than each of these. Images are tagged with a dash where releases have a
 * plus, and plans are written either way.
 */
function keepsOtherRelease(plan: UpgradePlan, releases: readonly string[]): boolean {
  const kept = plan.version ?? plan.resolved;
  if (upgradesOtherThings(plan)) return false;
  return kept === undefined || releases.some((release) => asTag(release) !== asTag(kept));
}

/** Whether such a plan runs another program on nodes than the one that upgrades K3s, such as an upgrade of the system. */
export function upgradesOtherThings({ image }: UpgradePlan): boolean {
  return image !== undefined && !/(?:^|\/)(?:k3s|rke2)-upgrade(?::|@|$)/.test(image);
}

function asTag(release: string): string {
  return release.replace('+', '-');
}
