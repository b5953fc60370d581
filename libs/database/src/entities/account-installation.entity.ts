import { Entity, PrimaryColumn } from 'typeorm';

/** An installation that GitHub listed for a user at sign-in, or that the user made. */
@Entity('account_installations')
export class AccountInstallationEntity {
  @PrimaryColumn('text', { name: 'account_id' })
  accountId!: string;

  @PrimaryColumn('bigint', { name: 'installation_id' })
  installationId!: string;
}
