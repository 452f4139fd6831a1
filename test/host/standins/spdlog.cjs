// Stands in for the native @vscode/spdlog, which would have to be compiled: the same interface, no rotation.
const fs = require('node:fs');
const path = require('node:path');

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'critical'];
let defaultLevel = LEVELS.indexOf('info');

class Logger {
  #file;
  #level = defaultLevel;
  #formatted = true;

  constructor(file) {
    this.#file = file;
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.appendFileSync(file, '');
    LEVELS.forEach((name, level) => {
      this[name] = (message) => this.#write(level, message);
    });
  }

  #write(level, message) {
    if (level < this.#level) return;
    const time = new Date().toISOString().replace('T', ' ').replace('Z', '');
    fs.appendFileSync(this.#file, this.#formatted ? `${time} [${LEVELS[level]}] ${message}\n` : message);
  }

  getLevel() {
    return this.#level;
  }
  setLevel(level) {
    this.#level = level;
  }
  clearFormatters() {
    this.#formatted = false;
  }
  setPattern() {}
  flush() {}
  drop() {}
}

const create = async (_name, file) => new Logger(file);

// One by one: VS Code imports this file as a module, and Node finds only names that are assigned like this.
// https://nodejs.org/api/esm.html#commonjs-namespaces
exports.version = 1;
exports.Logger = class extends Logger {
  constructor(_type, _name, file) {
    super(file);
  }
};
exports.setLevel = (level) => {
  defaultLevel = level;
};
exports.setFlushOn = () => {};
exports.createRotatingLogger = create;
exports.createAsyncRotatingLogger = create;
