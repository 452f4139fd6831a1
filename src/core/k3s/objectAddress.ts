/** A bucket of an S3 service, as the options of K3s name it. */
export interface Bucket {
  readonly host: string;
  readonly port: number;
  readonly encrypted: boolean;
  readonly bucket: string;
  readonly region: string;
  /** The bucket stands in the host name, not in the path. */
  readonly inHost: boolean;
}

export interface BucketOptions {
  /** Host, with a port where it is not that of https. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly insecure: boolean;
  /** `auto`, `dns` or `path`. */
  readonly lookup: string;
}

const AMAZON = 's3.amazonaws.com';
/** Services that K3s's client asks by the name of the bucket when nothing else is said. */
const BY_NAME = /(?:^|\.)(?:amazonaws\.com(?:\.cn)?|storage\.googleapis\.com|aliyuncs\.com)$/;
const DNS_NAME = /^[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$/;

/** Where a bucket is; undefined for an endpoint that is more than a host with a port. */
export function bucketAt({ endpoint, bucket, region, insecure, lookup }: BucketOptions): Bucket | undefined {
  const [, host = '', port] = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(\d{1,5}))?$/i.exec(endpoint) ?? [];
  if (host === '') return undefined;
  // Amazon's own address without a region redirects to that of the region.
  const at = host === AMAZON && region !== 'us-east-1' ? `s3.${region}.amazonaws.com` : host;
  // A certificate for *.s3.example covers no further dot.
  const fits = DNS_NAME.test(bucket) || (insecure && /^[a-z0-9.-]+$/.test(bucket));
  const inHost = lookup === 'dns' || (lookup !== 'path' && fits && BY_NAME.test(at));
  return {
    host: inHost ? `${bucket}.${at}` : at,
    port: port === undefined ? (insecure ? 80 : 443) : Number(port),
    encrypted: !insecure,
    bucket,
    region,
    inHost,
  };
}

/** The address of an object. */
export function objectUrl({ host, port, encrypted, bucket, inHost }: Bucket, key: string): string {
  const path = [...(inHost ? [] : [bucket]), ...key.split('/')].map(encodeURIComponent).join('/');
  const usual = port === (encrypted ? 443 : 80);
  return `${encrypted ? 'https' : 'http'}://${host}${usual ? '' : `:${port}`}/${path}`;
}

/** The key of a snapshot in the folder of `etcd-s3-folder`. */
export function objectKey(folder: string | undefined, name: string): string {
  return [...(folder ?? '').split('/').filter((part) => part !== '' && part !== '.'), name].join('/');
}

/** What an S3 service says in its XML when it refuses: its code and its sentence. */
export function refusalOf(xml: string): { readonly code: string; readonly says: string } {
  const of = (tag: string): string => new RegExp(`<${tag}>([^<]{0,300})</${tag}>`).exec(xml)?.[1]?.trim() ?? '';
  return { code: of('Code'), says: of('Message') };
}
