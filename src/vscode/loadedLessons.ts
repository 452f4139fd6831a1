/** What is done with simulated hosts, as a bundle of its own that the first command of it loads; see `lazy.ts`. */
export { practise } from './practice/practise';
