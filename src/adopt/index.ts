export { adopt } from './adopt';
export type { Adoption, LeftObjects, MissingFact } from './adoption';
export type { AdoptionChange } from './adoption-changes';
export { adoptionChanges } from './adoption-changes';
