package support_test

import (
	"reflect"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	awssupport "github.com/aws/aws-sdk-go-v2/service/support"

	"sekisho/internal/support"
)

// A form that offers what the API tells offers O-02's words: the type Account with
// the category Activation.
func TestServices(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for lang, want := range map[string][2]string{"en": {"Account", "Activation"}, "ja": {"アカウント", "アクティベーション"}, "ko": {"Account", "Activation"}} {
		out, err := w.service.DescribeServices(t.Context(), w.by(mine, "x"), &awssupport.DescribeServicesInput{Language: &lang, ServiceCodeList: []string{"customer-account", "none"}})
		if err != nil {
			t.Fatal(err)
		}
		if len(out.Services) != 1 || *out.Services[0].Name != want[0] || *out.Services[0].Categories[0].Code != "activation" || *out.Services[0].Categories[0].Name != want[1] {
			t.Errorf("%s: %+v", lang, out.Services)
		}
	}
	all, err := w.service.DescribeServices(t.Context(), w.by(mine, "x"), &awssupport.DescribeServicesInput{})
	if err != nil || len(all.Services) != len(support.Services) {
		t.Errorf("%d services, %v", len(all.Services), err)
	}
	_, err = w.service.DescribeServices(t.Context(), w.by(mine, "x"), &awssupport.DescribeServicesInput{Language: aws.String("xx")})
	w.expect("another language", err, "InvalidParameterValueException", "The language is not supported.")
}

// How urgent a case can be is a matter of the plan.
func TestSeverityLevels(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for plan, want := range map[support.Plan][]string{
		support.Basic: {"low"}, support.Developer: {"low", "normal"}, support.Business: {"low", "normal", "high", "urgent"},
	} {
		w.plan = plan
		out, err := w.service.DescribeSeverityLevels(t.Context(), w.by(mine, "x"), &awssupport.DescribeSeverityLevelsInput{})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, l := range out.SeverityLevels {
			got = append(got, *l.Code)
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v", plan, got)
		}
	}
}

// Whoever opens a case can be answered in the case, by a call or in a chat (O-02),
// in four languages.
func TestCreateCaseOptions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	in := awssupport.DescribeCreateCaseOptionsInput{
		IssueType: aws.String("customer-service"), ServiceCode: aws.String("customer-account"), CategoryCode: aws.String("activation"), Language: aws.String("ja"),
	}
	out, err := w.service.DescribeCreateCaseOptions(t.Context(), w.by(mine, "x"), &in)
	if err != nil {
		t.Fatal(err)
	}
	var methods []string
	for _, m := range out.CommunicationTypes {
		methods = append(methods, *m.Type)
	}
	if want := []string{"web", "call", "chat"}; !reflect.DeepEqual(methods, want) {
		t.Errorf("methods %v", methods)
	}
	languages, err := w.service.DescribeSupportedLanguages(t.Context(), w.by(mine, "x"), &awssupport.DescribeSupportedLanguagesInput{IssueType: in.IssueType, ServiceCode: in.ServiceCode, CategoryCode: in.CategoryCode})
	if err != nil || len(languages.SupportedLanguages) != 4 || *languages.SupportedLanguages[1].Display != "日本語" {
		t.Errorf("languages %+v, %v", languages, err)
	}
	in.IssueType = aws.String("technical")
	_, err = w.service.DescribeCreateCaseOptions(t.Context(), w.by(mine, "x"), &in)
	w.expect("a service of the other issue type", err, "InvalidParameterValueException", `The service code "customer-account" is not valid for the issue type "technical".`)
}
