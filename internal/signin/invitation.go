package signin

import (
	"net/http"

	"sekisho/internal/directory"
	"sekisho/internal/directory/people"
	"sekisho/internal/pagehttp"
	"sekisho/internal/secret"
	"sekisho/internal/store"
	"sekisho/web"
)

// openInvitation is where 「招待を承諾」 leads: to the page on which a person signs up
// with a first password (G-28). It spends nothing.
func (h *Handler) openInvitation(w http.ResponseWriter, r *http.Request) error {
	return h.openLink(w, r, flow{Step: stepNewPassword, Proof: byInvitation}, pathNewPassword, h.invited)
}

// invited returns who may set a first password by the invitation of f.
func (h *Handler) invited(tx store.Tx, f flow) (directory.User, error) {
	u, err := people.OpenInvitation(tx, secret.NewString(f.Token), h.Site.Clock.Now())
	return u, h.linkProblem(tx, f, u, err)
}

// openVerification is where the link leads by which a person verifies the
// address. It spends nothing: the page asks.
func (h *Handler) openVerification(w http.ResponseWriter, r *http.Request) error {
	return h.openLink(w, r, flow{Step: stepVerifyEmail}, pathConfirm, h.verifying)
}

func (h *Handler) verifying(tx store.Tx, f flow) (directory.User, error) {
	u, err := people.OpenVerification(tx, secret.NewString(f.Token), h.Site.Clock.Now())
	return u, h.linkProblem(tx, f, u, err)
}

func (h *Handler) askConfirm(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepVerifyEmail)
	if err != nil {
		return err
	}
	var u directory.User
	var p place
	err = h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		if u, err = h.verifying(tx, f); err != nil {
			return err
		}
		p, err = findPlace(tx, u.Directory)
		return err
	})
	if err != nil {
		return err
	}
	return h.Site.Show(w, r, http.StatusOK, web.VerifyEmail{
		Frame: h.frame(r, pathConfirm, f), Action: pathConfirm, Organisation: p.organization, UserName: u.UserName, Email: u.Email,
	})
}

// confirmEmail spends the link: the address is the person's (N-26).
func (h *Handler) confirmEmail(w http.ResponseWriter, r *http.Request) error {
	f, _, err := h.openForm(r, stepVerifyEmail)
	if err != nil {
		return err
	}
	var u directory.User
	err = h.DB.Update(r.Context(), nil, func(tx store.Tx) (err error) {
		if u, err = people.Verify(tx, secret.NewString(f.Token), h.Site.Clock.Now()); err != nil {
			return h.linkProblem(tx, f, u, err)
		}
		p, err := findPlace(tx, u.Directory)
		if err != nil {
			return err
		}
		return tx.AppendEvent(h.event(r, p, u, eventEmailVerified, ""))
	})
	if err != nil {
		return err
	}
	f = flow{Step: stepEmailVerified, Request: f.Request, Browser: f.Browser, UserName: u.Email}
	return pagehttp.See(w, h.pageOf(pathDone, f))
}
