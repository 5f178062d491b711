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

// invited returns who may set a first password by an invitation.
func (h *Handler) invited(tx store.Tx, token secret.String) (directory.User, error) {
	u, err := people.OpenInvitation(tx, token, h.Site.Clock.Now())
	return u, h.peopleLink(tx, err)
}

// peopleLink is the page for a link of package people that is no good.
func (h *Handler) peopleLink(tx store.Tx, err error) error {
	if err == nil {
		return nil
	}
	return h.linkProblem(tx, err)
}

// openVerification is where the link leads by which a person verifies the
// address. It spends nothing: the page asks.
func (h *Handler) openVerification(w http.ResponseWriter, r *http.Request) error {
	return h.openLink(w, r, flow{Step: stepVerifyEmail}, pathConfirm, h.verifying)
}

func (h *Handler) verifying(tx store.Tx, token secret.String) (directory.User, error) {
	u, err := people.OpenVerification(tx, token, h.Site.Clock.Now())
	return u, h.peopleLink(tx, err)
}

func (h *Handler) askConfirm(w http.ResponseWriter, r *http.Request) error {
	f, err := h.openPage(r, stepVerifyEmail)
	if err != nil {
		return err
	}
	var u directory.User
	var p place
	err = h.DB.View(r.Context(), func(tx store.Tx) (err error) {
		if u, err = h.verifying(tx, secret.NewString(f.Token)); err != nil {
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
			return h.peopleLink(tx, err)
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
