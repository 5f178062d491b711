package signup

import (
	"net/http"
	"time"

	"sekisho/internal/account"
	"sekisho/internal/fault"
	"sekisho/internal/pagehttp"
	"sekisho/internal/registration"
	"sekisho/internal/store"
	"sekisho/internal/support"
	"sekisho/web"
)

func (h *Handler) askPlan(w http.ResponseWriter, r *http.Request) error {
	return h.atStep(w, r, registration.PlanStep, func(o owner) error {
		return h.showPlan(w, r, o, http.StatusOK, support.Basic)
	})
}

func (h *Handler) showPlan(w http.ResponseWriter, r *http.Request, o owner, status int, plan support.Plan, wrong ...web.SignUpError) error {
	return h.Site.Show(w, r, status, web.SignUpPlan{
		Frame: h.frame(r, pathPlan, h.newFlow(w, r, stepPlan, o.account.ID)), Action: pathPlan, Plan: string(plan), CompareURL: pathCompare, Errors: wrong,
	})
}

// choosePlan is the last step: activation begins with it.
func (h *Handler) choosePlan(w http.ResponseWriter, r *http.Request) error {
	return h.atStep(w, r, registration.PlanStep, func(o owner) error {
		_, form, err := h.openOwn(r, stepPlan, o)
		if err != nil {
			return err
		}
		plan := support.Plan(form.Get(web.FieldSupportPlan))
		err = h.DB.Update(r.Context(), nil, func(tx store.Tx) error {
			if err := registration.ChoosePlan(tx, o.account.ID, plan, h.Site.Clock.Now()); err != nil {
				return err
			}
			e := h.event(r, eventPlan, o.account.ID, "")
			e.Set("plan", string(plan))
			return tx.AppendEvent(e)
		})
		if fault.Is(err, fault.Invalid) {
			return h.showPlan(w, r, o, http.StatusUnprocessableEntity, "", web.FaultPlanRequired)
		}
		if err != nil {
			return err
		}
		return pagehttp.See(w, PathStatus)
	})
}

// justDone is for how long the status page congratulates.
const justDone = 10 * time.Minute

// status says how far the sign-up has come, and what holds it (A-31, A-36, A-37, M-04).
func (h *Handler) status(w http.ResponseWriter, r *http.Request) error {
	return h.asOwner(w, r, func(o owner) error {
		reason := o.reg.Waits(o.methods)
		page := web.SignUpStatus{
			Frame: h.Site.Frame(r), State: web.SignUpState(reason), AccountID: o.account.ID, AccountName: o.account.Name, Email: o.account.Email,
			ConsoleURL: h.Site.Map.Console() + consoleHome, PaymentURL: pathMethods, SupportURL: h.supportURL(),
		}
		if reason == "" || o.account.Status == account.Active {
			page.State = web.SignUpActive
		}
		switch page.State {
		case web.SignUpUnderWay:
			page.Just = h.Site.Clock.Now().Sub(o.reg.SubmittedAt) < justDone
		case web.SignUpIncomplete, web.SignUpPaymentDeclined:
			page.NextURL = PathContinue
		case web.SignUpInformation:
			page.Asked, page.AskedAt = o.reg.Hold.Asked, o.reg.Hold.At
		}
		return h.Site.Show(w, r, http.StatusOK, page)
	})
}
