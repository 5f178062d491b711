package sqlstore

import (
	"sekisho/internal/favourite"
	"sekisho/internal/sqldb"
)

func (t *tx) Favourites(user string) ([]favourite.Favourite, error) {
	return all(t, func(r sqldb.Row) (f favourite.Favourite, err error) {
		return f, r.Scan(&f.User, &f.Kind, &f.Target, sqldb.AsTime(&f.MarkedAt))
	}, "SELECT user_id, kind, target, marked_at FROM person_favourites WHERE user_id = ? ORDER BY kind, target", user)
}

func (t *tx) PutFavourite(f favourite.Favourite) error {
	_, err := t.exec("INSERT INTO person_favourites (user_id, kind, target, marked_at) VALUES (?, ?, ?, ?) ON CONFLICT (user_id, kind, target) DO NOTHING",
		f.User, string(f.Kind), f.Target, sqldb.Micros(f.MarkedAt))
	return err
}

func (t *tx) DeleteFavourite(f favourite.Favourite) error {
	_, err := t.exec("DELETE FROM person_favourites WHERE user_id = ? AND kind = ? AND target = ?", f.User, string(f.Kind), f.Target)
	return err
}
