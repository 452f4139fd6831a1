import { isFields } from './fields';
import { readKubeconfig } from './kubeconfigText';

/** The clusters of a kubeconfig: where each is, and its certificate authority in base64. Empty for what cannot be read. */
export function authoritiesIn(text: string): readonly { readonly server: string; readonly authority: string }[] {
  const read = readKubeconfig(text);
  const clusters: unknown = read.ok ? read.value.data['clusters'] : undefined;
  return (Array.isArray(clusters) ? (clusters as readonly unknown[]) : []).flatMap((entry) => {
    const cluster = isFields(entry) ? entry['cluster'] : undefined;
    const { server, 'certificate-authority-data': authority } = isFields(cluster) ? cluster : {};
    return typeof server === 'string' && typeof authority === 'string' ? [{ server, authority }] : [];
  });
}
