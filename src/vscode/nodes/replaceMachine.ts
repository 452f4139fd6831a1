import { say } from '../../core/base/say';
import { linesThatName, replaceMachine as edited } from '../../core/authoring/replaceMachine';
import { isHost } from '../../core/authoring/starter/addresses';
import { applyEdits } from '../../core/base/text';
import { listed } from '../../core/base/words';
import { declaredNode } from '../../engine/nodes/findNode';
import { vacantPlace } from '../../engine/nodes/vacantPlace';
import { chosenNode } from '../operations/intents';
import type { Operations } from '../operations/operations';
import { reportProblem } from '../services/report';
import { askText, sayInformation, sayWarning, withProgress } from '../services/say';
import { writeEdits } from '../services/writeEdits';
import { chooseCluster, withMachines, type NodeDependencies } from './machineSession';

/**
 * K3s HA: Replace Machine — looks whether the place of a node is free, writes the machine that takes it into the file, as one step
 * that can be undone, and shows the plan.
 */
export async function replaceMachine(deps: NodeDependencies, operations: Operations, argument: unknown): Promise<void> {
  const title = say`Replace Machine`;
  const found = await chooseCluster(deps, argument, { title, purpose: say`Replacing a machine` });
  const id = found === undefined ? undefined : await chosenNode(argument, found.state.cluster, title);
  const node = found === undefined || id === undefined ? undefined : declaredNode(found.state.cluster, id);
  if (found === undefined || node === undefined) return;
  if (!node.ok) return reportProblem(deps.services.log, node.error);
  const { state } = found;
  const typed = await askText({
    title: say`Replace the Machine of ${node.value.id}`,
    prompt: say`Address or name of the machine that takes its place, as SSH reaches it. ${node.value.host} has to be off, or without K3s.`,
    placeHolder: say`10.0.0.14 or server-4.example.com`,
    ignoreFocusOut: true,
    validateInput: (text) => {
      if (!isHost(text.trim())) return say`Type an address or a host name.`;
      const edits = edited(state, node.value, { host: text.trim() });
      return edits.ok ? undefined : edits.error;
    },
  });
  if (typed === undefined) return;
  const host = typed.trim();
  let name: string | undefined;
  let vacant = false;
  await withMachines(deps, found, async ({ session }) => {
    const place = await withProgress(
      say`K3s HA: looking whether ${node.value.id} is gone`,
      { cancellable: true },
      (_, signal) =>
        vacantPlace(state.cluster, node.value, { hosts: session.hosts, clock: deps.services.clock }, signal),
    );
    if (!place.ok) return reportProblem(deps.services.log, place.error);
    vacant = true;
    ({ name } = place.value);
  });
  if (!vacant) return;
  const edits = edited(state, node.value, { host, ...(name === undefined ? {} : { name }) });
  if (!edits.ok) {
    void sayWarning(edits.error);
    return;
  }
  if (!(await writeEdits(state, edits.value))) return;
  const left = linesThatName(applyEdits(state.document.text, edits.value), node.value.host);
  if (left.length > 0)
    void sayInformation(
      say`The file still names ${node.value.host}, in line ${listed(left.map(String))}: look at what is meant there.`,
    );
  await operations.preview(found.file.uri, {});
}
