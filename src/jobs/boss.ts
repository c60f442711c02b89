import PgBoss from 'pg-boss'

/** Its tables come with our migrations. */
export function openBoss(executeSql: PgBoss.Db['executeSql'], options: PgBoss.ConstructorOptions = {}) {
  return new PgBoss({ db: { executeSql }, migrate: false, ...options })
}
