import type { StatusChange, TopologySnapshot } from '../core/topology/model';
import { either, isBoolean, isNumber, isString, listOf, objectOf, oneOf, optional } from './shape';
import { isSnapshot, isStatusChange } from './snapshotShape';

// The webview sees core only through these types.
export type {
  Answer,
  Box,
  EdgeKind,
  Mark,
  NodeState,
  Outcome,
  Part,
  PartKind,
  PartStatus,
  PartStep,
  StatusChange,
  TopologySnapshot,
  Wire,
} from '../core/topology/model';

/** What the webview keeps when it is hidden or the window reloads. */
export interface ViewState {
  /** URI of the cluster file that the page shows. */
  readonly file?: string;
  /** Undefined: fit the picture to the window. */
  readonly zoom?: number;
  readonly panX?: number;
  readonly panY?: number;
  readonly selected?: string;
  readonly expanded: readonly string[];
  readonly chosen: readonly string[];
  readonly showList: boolean;
  /** Width of the window in pixels where it is so narrow that the picture is laid out for it. */
  readonly narrow?: number;
}

export interface SnapshotMessage {
  readonly type: 'snapshot';
  readonly snapshot: TopologySnapshot;
}

/** The picture is the same, and the state of some parts is another one. */
export interface StatusMessage {
  readonly type: 'status';
  readonly change: StatusChange;
}

/** The editor's cursor stands in the lines of this part (or of none). */
export interface HighlightMessage {
  readonly type: 'highlight';
  readonly partId?: string;
}

export type ToWebview = SnapshotMessage | StatusMessage | HighlightMessage;

/** The page wants a whole snapshot: it is up, or it missed one; `state` is what it restored or shows. */
export interface ReadyMessage {
  readonly type: 'ready';
  readonly state?: ViewState;
}

/** A part was selected: mark its lines where they can be seen. The keyboard stays in the diagram unless `open` asks for the file. */
export interface SelectMessage {
  readonly type: 'select';
  readonly partId: string;
  readonly open: boolean;
}

/** Let exactly these parts fail; a snapshot with the consequences answers. */
export interface FailMessage {
  readonly type: 'fail';
  readonly partIds: readonly string[];
}

/** The user asks for an action of the last snapshot. */
export interface ActionMessage {
  readonly type: 'action';
  readonly id: string;
  readonly partId?: string;
}

/** The view changed; a change of `expanded` or `narrow` wants a new snapshot. */
export interface ViewStateMessage {
  readonly type: 'viewState';
  readonly state: ViewState;
}

/** What the diagram can change about the cluster; the shell asks for what is missing and edits the text. */
export type Change =
  'addServer' | 'addAgent' | 'setZone' | 'removeNode' | 'promote' | 'fixedAddress' | 'datastore' | 'fix';

/** Change the file; `partId` is the machine, the zone of a new machine, or the part that has the finding `ruleId`. */
export interface EditMessage {
  readonly type: 'edit';
  readonly change: Change;
  readonly partId?: string;
  readonly ruleId?: string;
}

export type ExportFormat = 'svg' | 'png' | 'mermaid';

/** Hand the picture out: to a file that the person names, or to the clipboard. Mermaid text is the shell's to write. */
export interface ExportMessage {
  readonly type: 'export';
  readonly format: ExportFormat;
  readonly to: 'file' | 'clipboard';
  /** Text of the SVG, or the PNG as base64. */
  readonly content?: string;
}

export type FromWebview =
  ExportMessage | ReadyMessage | SelectMessage | FailMessage | ActionMessage | ViewStateMessage | EditMessage;

/** Also guards what the webview finds in its own storage: an older version may have written it. */
export const isViewState = objectOf<ViewState>({
  file: optional(isString),
  zoom: optional(isNumber),
  panX: optional(isNumber),
  panY: optional(isNumber),
  selected: optional(isString),
  expanded: listOf(isString),
  chosen: listOf(isString),
  showList: isBoolean,
  narrow: optional(isNumber),
});

/** Anything else that arrives in the webview is ignored. */
export const isToWebview = either(
  objectOf<SnapshotMessage>({ type: oneOf('snapshot'), snapshot: isSnapshot }),
  either(
    objectOf<StatusMessage>({ type: oneOf('status'), change: isStatusChange }),
    objectOf<HighlightMessage>({ type: oneOf('highlight'), partId: optional(isString) }),
  ),
);

/** Anything else that arrives from the webview is ignored. */
export const isFromWebview = either(
  either(
    objectOf<ReadyMessage>({ type: oneOf('ready'), state: optional(isViewState) }),
    objectOf<SelectMessage>({ type: oneOf('select'), partId: isString, open: isBoolean }),
  ),
  either(
    objectOf<FailMessage>({ type: oneOf('fail'), partIds: listOf(isString) }),
    either(
      objectOf<ExportMessage>({
        type: oneOf('export'),
        format: oneOf('svg', 'png', 'mermaid'),
        to: oneOf('file', 'clipboard'),
        content: optional(isString),
      }),
      either(
        objectOf<EditMessage>({
          type: oneOf('edit'),
          change: oneOf(
            'addServer',
            'addAgent',
            'setZone',
            'removeNode',
            'promote',
            'fixedAddress',
            'datastore',
            'fix',
          ),
          partId: optional(isString),
          ruleId: optional(isString),
        }),
        either(
          objectOf<ActionMessage>({ type: oneOf('action'), id: isString, partId: optional(isString) }),
          objectOf<ViewStateMessage>({ type: oneOf('viewState'), state: isViewState }),
        ),
      ),
    ),
  ),
);
