import { certificateAge, endWords, firstToEnd } from '../../k3s/certificates';
import { later, say } from '../../base/say';
import { defineHostCheck, ofNodes } from '../hostCheck';
import { DOCUMENTS } from '../reading/documents';

export const certificateEndsSoon = defineHostCheck({
  id: 'certificate-ends-soon',
  severity: 'warning',
  title: later`Certificates end before long`,
  rationale: `K3s makes its certificates for a year, and makes those anew that end within 120 days whenever it starts. A machine on which it does not start for so long drops out of the cluster on the day on which they end: a server refuses everybody, an agent reports no more and its pods are gone from the Services. Those of agents are easily forgotten: they come from a server, and only when the agent starts. Looked at are the files of every machine, and on servers the certificate that clients see on the port of the API, which K3s itself leaves out when it lists them.

*Renew Certificates* renews all of them, one server after another.`,
  sources: [DOCUMENTS.certificates],
  judge: (look) =>
    ofNodes(look, ({ id }, { certificates, time }) => {
      const first = firstToEnd(certificates);
      const age = first === undefined ? 'fine' : certificateAge(first.ends, time * 1000);
      if (first === undefined || age === 'fine') return undefined;
      return {
        message:
          age === 'ended'
            ? say`A certificate of ${id} has ended ${endWords(first.ends, time * 1000)}: ${first.path}.`
            : say`A certificate of ${id} lasts ${endWords(first.ends, time * 1000)}: ${first.path}.`,
        nextSteps: [say`Run *Renew Certificates*, or "k3s-ha certificates renew" with the cluster file.`],
      };
    }),
});
