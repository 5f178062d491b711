package sqldb

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"

	"github.com/pressly/goose/v3"
)

// versionTable is where the migrations that have run are kept.
const versionTable = "schema_version"

func migrate(ctx context.Context, dialect goose.Dialect, db *sql.DB, files fs.FS, options ...goose.ProviderOption) error {
	options = append(options, goose.WithTableName(versionTable), goose.WithDisableGlobalRegistry(true),
		goose.WithLogger(goose.NopLogger()))
	provider, err := goose.NewProvider(dialect, db, files, options...)
	if err != nil {
		return fmt.Errorf("sqldb: migrations: %w", err)
	}
	if _, err := provider.Up(ctx); err != nil {
		var partial *goose.PartialError
		if errors.As(err, &partial) && partial.Failed != nil && partial.Failed.Source != nil {
			return fmt.Errorf("sqldb: migration %s: %w", partial.Failed.Source.Path, translate("", partial.Err))
		}
		return fmt.Errorf("sqldb: migrations: %w", translate("", err))
	}
	return nil
}

// typedFS is a file system of migrations with PostgreSQL's types.
type typedFS struct{ fs.FS }

func (t typedFS) Open(name string) (fs.File, error) {
	f, err := t.FS.Open(name)
	if err != nil || !strings.HasSuffix(name, ".sql") {
		return f, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	text, err := io.ReadAll(f)
	if err != nil {
		return nil, err
	}
	typed := typesForPostgres(string(text))
	return &typedFile{bytes.NewReader([]byte(typed)), typedInfo{info, int64(len(typed))}}, nil
}

type typedFile struct {
	*bytes.Reader
	info typedInfo
}

func (f *typedFile) Stat() (fs.FileInfo, error) { return f.info, nil }
func (f *typedFile) Close() error               { return nil }

type typedInfo struct {
	fs.FileInfo
	size int64
}

func (i typedInfo) Size() int64 { return i.size }
