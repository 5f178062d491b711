package sqlstore

import (
	"sekisho/internal/application"
	"sekisho/internal/fault"
	"sekisho/internal/page"
	"sekisho/internal/sqldb"
	"sekisho/internal/store"
)

var (
	errNoTokenIssuer = fault.New(fault.NotFound, "no-trusted-token-issuer", "The trusted token issuer does not exist.")

	putTokenIssuer = upsert("token_issuers", "id", tokenIssuerColumns)
)

const tokenIssuerColumns = "id, instance, account, name, url, claim_path, attribute_path, tags, created_at, from_file"

func scanTokenIssuer(r sqldb.Row) (i application.TokenIssuer, err error) {
	return i, r.Scan(&i.ID, &i.Instance, &i.Account, &i.Name, &i.URL, &i.ClaimPath, &i.AttributePath, asTags(&i.Tags), sqldb.AsTime(&i.CreatedAt), &i.FromFile)
}

func (t *tx) TokenIssuer(id string) (application.TokenIssuer, error) {
	i, err := one(t, scanTokenIssuer, "SELECT "+tokenIssuerColumns+" FROM token_issuers WHERE id = ?", id)
	return orNone(i, err, errNoTokenIssuer)
}

func (t *tx) TokenIssuers(instance string, p page.Request) (page.Page[application.TokenIssuer], error) {
	return byName(t, scanTokenIssuer, "SELECT "+tokenIssuerColumns+" FROM token_issuers WHERE instance = ? AND (name, id) > (?, ?) ORDER BY name, id LIMIT ?",
		[]any{instance}, p, func(i application.TokenIssuer) (id, name string) { return i.ID, i.Name })
}

func (t *tx) TokenIssuerCount(instance string) (int, error) {
	return one(t, sqldb.Value[int], "SELECT count(*) FROM token_issuers WHERE instance = ?", instance)
}

func (t *tx) PutTokenIssuer(i application.TokenIssuer) error {
	_, err := t.exec(putTokenIssuer, i.ID, i.Instance, i.Account, i.Name, i.URL, i.ClaimPath, i.AttributePath, tagList(i.Tags), sqldb.Micros(i.CreatedAt), i.FromFile)
	t.note(store.KeyTokenIssuer(i.ID))
	if unreferenced(err) {
		return errNoInstance.Wrap(err)
	}
	return err
}

func (t *tx) DeleteTokenIssuer(id string) error {
	n, err := t.exec("DELETE FROM token_issuers WHERE id = ?", id)
	t.note(store.KeyTokenIssuer(id))
	return mustChange(n, err, errNoTokenIssuer)
}
