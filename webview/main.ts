import './theme.css';
import { speak } from '../src/core/base/say';
import { registerControls } from './controls/toolkit';
import { connectHost } from './host';
import { narrowOf, watchWidth } from './narrow';
import { createStore, restoreState, viewStateOf } from './store';
import { startApp } from './app';
import { wordsOf } from './words';
import { receiveInto } from './receive';

const root = document.getElementById('app');
if (root !== null) {
  speak(wordsOf(root));
  const host = connectHost();
  // Asked for first: the editor works the snapshot out while the page is built. Its answer comes after this script.
  const state = restoreState(host.restored, narrowOf(window.innerWidth));
  host.post({ type: 'ready', state: viewStateOf(state) });
  registerControls();
  const store = createStore(state);
  startApp(root, store, host);
  watchWidth(window, store);
  host.listen(receiveInto(store, host));
}
