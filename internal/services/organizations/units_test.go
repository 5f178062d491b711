package organizations_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awsorg "github.com/aws/aws-sdk-go-v2/service/organizations"
	"github.com/aws/aws-sdk-go-v2/service/organizations/types"

	"sekisho/internal/account"
	"sekisho/internal/org"
	"sekisho/internal/store"
)

func (w *world) unit(parent, name string) (string, error) {
	w.Helper()
	out, err := w.service.CreateOrganizationalUnit(w.Context(), w.by(management, "CreateOrganizationalUnit"),
		&awsorg.CreateOrganizationalUnitInput{ParentId: &parent, Name: &name})
	if err != nil {
		return "", err
	}
	return *out.OrganizationalUnit.Id, nil
}

// Units have names of their own under their parent, nest five deep, and go when
// they are empty (behaviours.md 1.6, 9.6).
func TestUnits(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	o := w.found("")
	w.verify()
	w.join(invited)
	root := w.root()
	a, err := w.unit(root, "Workloads")
	w.expect("a unit", err, "")
	b, err := w.unit(a, "Workloads")
	w.expect("of the same name below", err, "")
	_, err = w.unit(root, "Workloads")
	w.expect("of the same name beside", err, "DuplicateOrganizationalUnit")
	if !strings.Contains(err.Error(), "An OU with the same name already exists.") { // AWS's words
		t.Error(err)
	}
	_, err = w.unit("ou-none-12345678", "X")
	w.expect("nowhere", err, "ParentNotFound")
	_, err = w.unit(root, "<b>")
	w.expect("like markup", err, "InvalidInput/INVALID_PATTERN")
	parent := b
	for i := range 3 {
		parent, err = w.unit(parent, fmt.Sprint(i))
		w.expect("below", err, "")
	}
	_, err = w.unit(parent, "sixth")
	w.expect("a sixth level", err, "ConstraintViolation/OU_DEPTH_LIMIT_EXCEEDED")

	described, err := w.service.DescribeOrganizationalUnit(w.Context(), w.by(management, "DescribeOrganizationalUnit"), &awsorg.DescribeOrganizationalUnitInput{OrganizationalUnitId: &b})
	if err != nil || *described.OrganizationalUnit.Path != *o.Id+"/"+root+"/"+a+"/"+b+"/" ||
		*described.OrganizationalUnit.Arn != "arn:aws:organizations::"+management+":ou/"+*o.Id+"/"+b || !strings.HasPrefix(b, "ou-"+root[2:]+"-") {
		t.Errorf("%+v, %v", described, err)
	}
	rename := func(id, name string) error {
		_, err := w.service.UpdateOrganizationalUnit(w.Context(), w.by(management, "UpdateOrganizationalUnit"), &awsorg.UpdateOrganizationalUnitInput{OrganizationalUnitId: &id, Name: &name})
		return err
	}
	other, err := w.unit(root, "Other")
	w.expect("another", err, "")
	w.expect("rename", rename(other, "Sandbox"), "")
	w.expect("rename to a taken name", rename(other, "Workloads"), "DuplicateOrganizationalUnit")
	w.expect("rename what is not there", rename("ou-none-12345678", "a"), "OrganizationalUnitNotFound")

	move := func(id, from, to string) error {
		_, err := w.service.MoveAccount(w.Context(), w.by(management, "MoveAccount"), &awsorg.MoveAccountInput{AccountId: &id, SourceParentId: &from, DestinationParentId: &to})
		return err
	}
	w.expect("move", move(invited, root, b), "")
	w.expect("move to where it is", move(invited, b, b), "DuplicateAccount")
	w.expect("move from elsewhere", move(invited, root, a), "AccountNotFound")
	w.expect("move from nowhere", move(invited, "ou-none-12345678", a), "SourceParentNotFound")
	w.expect("move to nowhere", move(invited, b, "ou-none-12345678"), "DestinationParentNotFound")
	w.expect("move a stranger", move(stranger, root, a), "AccountNotFound")
	member, err := w.account(invited)
	if err != nil || member.Paths[0] != *o.Id+"/"+root+"/"+a+"/"+b+"/"+invited+"/" {
		t.Errorf("%+v, %v", member, err)
	}
	parents := func(child string) string {
		out, err := w.service.ListParents(w.Context(), w.by(management, "ListParents"), &awsorg.ListParentsInput{ChildId: &child})
		if err != nil {
			w.expect("parents of "+child, err, "ChildNotFound")
			return ""
		}
		return *out.Parents[0].Id + " " + string(out.Parents[0].Type)
	}
	if got := []string{parents(invited), parents(b), parents(management), parents(nobody), parents("ou-none-12345678")}; fmt.Sprint(got) !=
		fmt.Sprint([]string{b + " ORGANIZATIONAL_UNIT", a + " ORGANIZATIONAL_UNIT", root + " ROOT", "", ""}) {
		t.Errorf("parents: %q", got)
	}
	children := func(parent string, kind types.ChildType) int {
		out, err := w.service.ListChildren(w.Context(), w.by(management, "ListChildren"), &awsorg.ListChildrenInput{ParentId: &parent, ChildType: kind})
		if err != nil {
			t.Error(err)
		}
		return len(out.Children)
	}
	if got := []int{children(root, types.ChildTypeAccount), children(root, types.ChildTypeOrganizationalUnit), children(b, types.ChildTypeAccount)}; fmt.Sprint(got) != "[1 2 1]" {
		t.Errorf("children: %v", got)
	}
	under, err := w.service.ListAccountsForParent(w.Context(), w.by(management, "ListAccountsForParent"), &awsorg.ListAccountsForParentInput{ParentId: &b})
	if err != nil || len(under.Accounts) != 1 || *under.Accounts[0].Id != invited {
		t.Errorf("%+v, %v", under, err)
	}
	remove := func(id string) error {
		_, err := w.service.DeleteOrganizationalUnit(w.Context(), w.by(management, "DeleteOrganizationalUnit"), &awsorg.DeleteOrganizationalUnitInput{OrganizationalUnitId: &id})
		return err
	}
	w.expect("delete with units", remove(a), "OrganizationalUnitNotEmpty")
	w.expect("delete", remove(other), "")
	w.expect("delete again", remove(other), "OrganizationalUnitNotFound")
	w.expect("move", move(invited, b, parent), "")
	w.expect("delete with accounts", remove(parent), "OrganizationalUnitNotEmpty")
}

// One organization's units are nothing in another's.
func TestUnitsOfOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	mine, err := w.unit(w.root(), "Mine")
	w.expect("a unit", err, "")
	_, err = w.service.CreateOrganization(w.Context(), w.by(stranger, "CreateOrganization"), &awsorg.CreateOrganizationInput{})
	w.expect("another organization", err, "")
	_, err = w.service.DescribeOrganizationalUnit(w.Context(), w.by(stranger, "DescribeOrganizationalUnit"), &awsorg.DescribeOrganizationalUnitInput{OrganizationalUnitId: &mine})
	w.expect("describe", err, "OrganizationalUnitNotFound")
	_, err = w.service.ListAccountsForParent(w.Context(), w.by(stranger, "ListAccountsForParent"), &awsorg.ListAccountsForParentInput{ParentId: &mine})
	w.expect("list", err, "ParentNotFound")
	_, err = w.service.DeleteOrganizationalUnit(w.Context(), w.by(stranger, "DeleteOrganizationalUnit"), &awsorg.DeleteOrganizationalUnitInput{OrganizationalUnitId: &mine})
	w.expect("delete", err, "OrganizationalUnitNotFound")
}

// Lists come in pages of 20 at most, each account once and in order.
func TestListAccountsPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.found("")
	w.update(func(tx store.Tx) error {
		o, err := tx.OrganizationManagedBy(management)
		if err != nil {
			return err
		}
		for i := range 45 {
			id := fmt.Sprintf("2%011d", i)
			a := account.Account{ID: id, Name: "Account", Email: email(id), Status: account.Active, CreatedAt: start}
			if err := org.Join(tx, o, a, o.Path(), account.Created, start); err != nil {
				return err
			}
		}
		return nil
	})
	var ids []string
	pages := awsorg.NewListAccountsPaginator(lister{w}, &awsorg.ListAccountsInput{})
	sizes := ""
	for pages.HasMorePages() {
		p, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		sizes += fmt.Sprint(len(p.Accounts), " ")
		for _, a := range p.Accounts {
			ids = append(ids, *a.Id)
		}
	}
	if sizes != "20 20 6 " || ids[0] != management || ids[45] != "200000000044" {
		t.Errorf("%s%v", sizes, ids)
	}
	_, err := w.service.ListAccounts(t.Context(), w.by(management, "ListAccounts"), &awsorg.ListAccountsInput{NextToken: aws.String("made-up")})
	w.expect("a token of nobody's", err, "InvalidInput/INVALID_NEXT_TOKEN")
}
