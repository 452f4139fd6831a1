import type { FactTopic } from './topic';

/** Certificates of a server. */
export interface CertificateTopic {
  /** Names and addresses in the certificate that clients see on the port of the API. */
  readonly certificateNames: readonly string[];
  /** Ends of the certificates in files as the host tells them, by file name; empty on a host without openssl. */
  readonly certificateEnds: ReadonlyMap<string, string>;
}

export const certificateFacts: FactTopic<CertificateTopic> = {
  name: 'certificate',
  script: `put certificate_names "$(grep -o 'listener.cattle.io/cn-[^"]*":"[^"]*"' "$1/server/tls/dynamic-cert.json" 2>/dev/null | sed 's/.*":"//; s/"$//' | tr '\\n' ' ')"
if command -v openssl >/dev/null 2>&1; then
  for file in "$1"/server/tls/client-admin.crt "$1"/server/tls/serving-kube-apiserver.crt "$1"/agent/client-kubelet.crt; do
    if [ -f "$file" ]; then put "end \${file##*/}" "$(openssl x509 -enddate -noout -in "$file" 2>/dev/null | cut -d= -f2-)"; fi
  done
fi
`,
  read: (values) => ({
    certificateNames: values.words('certificate_names'),
    certificateEnds: values.texts('end'),
  }),
};
