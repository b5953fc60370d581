import type { GivenValues, Setting, StoredValues, UserValues } from './setting.js';
import type { SETTINGS } from './settings-table.js';

type Table = typeof SETTINGS;
export type SettingName = keyof Table;

/** The names of the settings that have `Property`. */
type Having<Property extends string> = {
  [Name in SettingName]: Table[Name] extends Readonly<Record<Property, string | true>> ? Name : never;
}[SettingName];
type OfProject = Having<'column'>;
type OfDeployment = Exclude<SettingName, OfProject>;

/** One value as `Values` has it, or null if that is the default. */
type ValueIn<Values, One extends Setting> =
  | (One['kind'] extends keyof Values ? Values[One['kind']] : never)
  | (One extends { readonly default: null } ? null : never);
/** One value as users give it, or null if the setting is nullable. */
type GivenIn<One extends Setting> =
  GivenValues[One['kind']] | (One extends { readonly nullable: true } ? null : never);

type Head<Path> = Path extends `${infer Section}.${string}` ? Section : Path;
type InSection<Flat, Section> = {
  readonly [
    Path in keyof Flat as Path extends `${Section & string}.${infer Name}` ? Name : never
  ]: Flat[Path];
};
type PartialInSection<Flat, Section> = Partial<InSection<Flat, Section>>;

/** Turns `a.b` into a `b` inside an `a`. */
type Nested<Flat> = {
  readonly [Path in keyof Flat as Head<Path>]: Path extends `${infer Section}.${string}`
    ? InSection<Flat, Section>
    : Flat[Path];
};
/** Like `Nested`, with everything optional. */
type PartialNested<Flat> = {
  readonly [Path in keyof Flat as Head<Path>]?: Path extends `${infer Section}.${string}`
    ? PartialInSection<Flat, Section>
    : Flat[Path];
};

/**
 * How a deployment is built and run: the settings of its project when it was queued, merged with the config of its
 * commit when it was built (`mergeSettings`). Later changes of settings never alter a running version.
 */
export type DeploymentSettings = Nested<{ [Name in OfDeployment]: ValueIn<StoredValues, Table[Name]> }>;

/** Only the settings of a project that were set, without those that have columns. */
export type StoredSettings = PartialNested<{
  [Name in OfDeployment]: ValueIn<StoredValues, Table[Name]>;
}>;

/** The settings of a project that have columns of their own. */
type SettingColumns = {
  [
    Name in OfProject as Table[Name] extends { column: infer Column extends string } ? Column : never
  ]: ValueIn<UserValues, Table[Name]>;
};

/** The settings in a project's row. */
export type SettingsRow = { readonly settings: StoredSettings } & Readonly<SettingColumns>;

/** All settings of a project, as the API returns them. */
export type ProjectSettings = Nested<{ [Name in SettingName]: ValueIn<UserValues, Table[Name]> }>;

/** The settings of a project that a request changes. */
export type SettingsChange = PartialNested<{ [Name in SettingName]: GivenIn<Table[Name]> }>;

/** The content of a project's `nexos.yaml`. Settings that it leaves out come from the project. */
export type RepositoryConfig = { readonly name?: string } & PartialNested<{
  [Name in Having<'file'> as Table[Name] extends { file: infer File } ? File & string : never]: GivenIn<
    Table[Name]
  >;
}>;
