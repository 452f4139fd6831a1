import type { CertificateFile } from '../k3s/certificates';
import { certificateFiles, PRINT_CERTIFICATES } from '../remote/certificateDates';
import type { FactTopic } from './topic';

/** Certificates of a machine. */
export interface CertificateTopic {
  /** Names and addresses in the certificate that clients see on the port of the API. */
  readonly certificateNames: readonly string[];
  /** Those that K3s made for this machine, with their ends; on a server also the one that clients see. */
  readonly certificates: readonly CertificateFile[];
}

export const certificateFacts: FactTopic<CertificateTopic> = {
  name: 'certificate',
  script: `put certificate_names "$(grep -o 'listener.cattle.io/cn-[^"]*":"[^"]*"' "$1/server/tls/dynamic-cert.json" 2>/dev/null | sed 's/.*":"//; s/"$//' | tr '\\n' ' ')"
${PRINT_CERTIFICATES}
certificates "$1"
`,
  read: (values) => ({
    certificateNames: values.words('certificate_names'),
    certificates: certificateFiles(values.texts('certificate'), values.texts('written')),
  }),
};
