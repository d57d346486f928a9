export { createPipe, type Pipe, type PipeEnd, type PipeEvents } from './pipe.ts';
export { createTwinRas, stretch, TWIN_DOMAIN, type TwinRas, type TwinRasOptions } from './ras.ts';
