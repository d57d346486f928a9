export { APDU_LIMIT_OCTETS, type CardContact, type ContactlessCard } from './contactless.ts';
export {
  type AdvertisementReport,
  type CentralLink,
  type GattService,
  type Peripheral,
  type PeripheralHandler,
  type PeripheralLink,
  type PeripheralOptions,
  type Radio,
  RadioError,
  type RadioErrorCode,
} from './radio.ts';
