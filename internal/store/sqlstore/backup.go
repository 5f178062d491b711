package sqlstore

import "context"

// Backup writes a consistent copy of a SQLite database to path, which must not
// exist, while the database is in use. Other engines have tools of their own.
func (d *DB) Backup(ctx context.Context, path string) error { return d.sql.Backup(ctx, path) }
