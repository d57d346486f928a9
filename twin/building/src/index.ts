export { type Building, type BuildingOptions, runBuilding } from './building.ts';
export { type CaseLabel, caseLabelOf } from './case-label.ts';
export { buildDemo, type Demo, type DemoMaker } from './demo.ts';
export { loadDemo, loadSingleLock, parcelOf } from './demo-files.ts';
export {
  createDemoEstate,
  createEstate,
  type Estate,
  type EstateOptions,
  type LockClock,
  type Meddler,
} from './estate.ts';
export { mapMethods, type TableMethod } from './map-methods.ts';
export { type PhoneDesk, phoneDesk, phoneKeyOf } from './phone-desk.ts';
export { createPipe, type Pipe, type PipeEnd, type PipeEvents } from './pipe.ts';
export { createTwinRas, stretch, TWIN_DOMAIN, type TwinRas, type TwinRasOptions } from './ras.ts';
export { type MonitorScore, scoreMonitor } from './seeded-day/score.ts';
export { openTruthFile, readTruthFile, type Truth, type TruthFile } from './truth-file.ts';
export { createVirtualPhone, newPhoneKey, type VirtualPhone, type VirtualPhoneParts } from './virtual-phone.ts';
