package app

import (
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"sekisho/internal/keys"
	"sekisho/internal/secret"
)

// masterKey reads the master key. The file holds 32 bytes in base64 and is
// readable by its owner only.
func masterKey(path string) ([]byte, error) {
	raw, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if info.Mode().Perm()&0o077 != 0 {
		return nil, fmt.Errorf("the master key %s can be read by others: chmod 600 it", path)
	}
	key, err := base64.StdEncoding.DecodeString(strings.TrimSpace(string(raw)))
	if err != nil || len(key) != keys.Size {
		return nil, fmt.Errorf("the master key %s does not hold %d bytes in base64", path, keys.Size)
	}
	return key, nil
}

// newMasterKey makes the master key at the first start.
func newMasterKey(path string) ([]byte, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return nil, err
	}
	key := secret.Random(keys.Size)
	// Written whole beside it and linked into place: of two processes that start
	// together one makes the key and the other reads it.
	tmp, err := os.CreateTemp(filepath.Dir(path), ".master-key-*")
	if err != nil {
		return nil, err
	}
	defer func() { _ = os.Remove(tmp.Name()) }()
	_, err = tmp.WriteString(base64.StdEncoding.EncodeToString(key) + "\n")
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return nil, err
	}
	if err := os.Link(tmp.Name(), path); errors.Is(err, fs.ErrExist) {
		return masterKey(path)
	} else if err != nil {
		return nil, err
	}
	return key, nil
}
