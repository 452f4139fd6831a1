/** Traffic that a firewall lets in, or has to. */
export interface AllowedTraffic {
  readonly protocol: 'tcp' | 'udp' | 'any';
  /** First and last port; absent for all of them. */
  readonly ports?: readonly [first: number, last: number];
  /** Address or network; absent for everybody. */
  readonly from?: string;
}
