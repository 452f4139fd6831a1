import { createHash } from 'node:crypto';
import { readSimulatedReply, type SimulatedQuestion } from '../../core/datastore/trial/simulation';
import { firstLine, refused, type Client } from './client';

/** Asks a datastore of the practice fleet, of whatever kind it is. */
export const askSimulated: Client = async ({ type, user, password, database }, open) => {
  const opened = await open();
  if (!opened.ok) return refused(opened.error);
  const passwordSha256 = createHash('sha256').update(password).digest('hex');
  const question: SimulatedQuestion = { type, user, passwordSha256, database };
  opened.value.write(`${JSON.stringify(question)}\r\n`);
  const answer = readSimulatedReply(await firstLine(opened.value));
  return answer ?? refused({ at: 'question', code: 'no-simulation', says: 'What answers there is no simulation.' });
};
