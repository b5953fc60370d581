import type { GivenValues, Setting, StoredValues } from './setting.js';
import type { SETTINGS } from './settings-table.js';

type Table = typeof SETTINGS;
export type SettingName = keyof Table;

/** The names of the settings that have `Property`. */
type Having<Property extends string> = {
  [Name in SettingName]: Table[Name] extends Readonly<Record<Property, string | true>> ? Name : never;
}[SettingName];
type OfProject = Having<'column'>;
type OfDeployment = Exclude<SettingName, OfProject>;

/** One value as `Values` has it; null where that is its default. */
type ValueIn<Values, One extends Setting> =
  | (One['kind'] extends keyof Values ? Values[One['kind']] : never)
  | (One extends { readonly default: null } ? null : never);
/** The same where null is a default that nobody can give. */
type GivenIn<One extends Setting> =
  GivenValues[One['kind']] | (One extends { readonly nullable: true } ? null : never);

type Head<Path> = Path extends `${infer Section}.${string}` ? Section : Path;
type InSection<Flat, Section> = {
  readonly [
    Path in keyof Flat as Path extends `${Section & string}.${infer Name}` ? Name : never
  ]: Flat[Path];
};
type PartialInSection<Flat, Section> = Partial<InSection<Flat, Section>>;

/** Makes of `a.b` a `b` in an `a`. */
type Nested<Flat> = {
  readonly [Path in keyof Flat as Head<Path>]: Path extends `${infer Section}.${string}`
    ? InSection<Flat, Section>
    : Flat[Path];
};
/** The same, with all of it optional. */
type PartialNested<Flat> = {
  readonly [Path in keyof Flat as Head<Path>]?: Path extends `${infer Section}.${string}`
    ? PartialInSection<Flat, Section>
    : Flat[Path];
};

/**
 * How a deployment is built and run: the settings of its project when it was queued, with what its commit says merged
 * into them when it was built (`mergeSettings`). A later change of settings never alters a version that runs already.
 */
export type DeploymentSettings = Nested<{ [Name in OfDeployment]: ValueIn<StoredValues, Table[Name]> }>;

/** What was set of a project, and nothing else; without what has columns. */
export type StoredSettings = PartialNested<{
  [Name in Having<'project'> & OfDeployment]: ValueIn<StoredValues, Table[Name]>;
}>;

/** The settings of a project that have columns of their own. */
type SettingColumns = {
  [
    Name in OfProject as Table[Name] extends { column: infer Column extends string } ? Column : never
  ]: ValueIn<GivenValues, Table[Name]>;
};

/** What a row of a project says of its settings. */
export type SettingsRow = { readonly settings: StoredSettings } & Readonly<SettingColumns>;

/** All settings of a project, as the API answers them. */
export type ProjectSettings = Nested<{ [Name in Having<'project'>]: ValueIn<GivenValues, Table[Name]> }>;

/** What a body may change of them. */
export type SettingsChange = PartialNested<{ [Name in Having<'project'>]: GivenIn<Table[Name]> }>;

/** What a repository's `nexos.yaml` says; what it leaves out stays as its project has it. */
export type RepositoryConfig = PartialNested<{
  [Name in Having<'file'> as Table[Name] extends { file: infer File } ? File & string : never]: GivenIn<
    Table[Name]
  >;
}>;
