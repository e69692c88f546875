//! Random expressions over all functions and forms of the language.

/// A small generator of numbers, so that a seed gives the same expressions everywhere.
pub(super) struct Random(u64);

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(super) fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 16
    }

    pub(super) fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.next() % limit.max(1) as u64).unwrap_or(0)
    }

    pub(super) fn range(&mut self, from: i64, to: i64) -> i64 {
        from + i64::try_from(self.below(usize::try_from(to - from + 1).unwrap_or(1))).unwrap_or(0)
    }

    pub(super) fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }
}

/// What stands in for an identifier that AWS gives.
pub(super) const OPEN: &str = "terraform_data.u.id";

/// Writes expressions: in a pattern, `N` is a number, `S` a text, `B` a truth value, `L` a list, `M` a
/// map, `A` anything (all of less depth), `n s l m` leaves, `#` a small whole number.
pub(super) struct Generator {
    pub(super) random: Random,
    /// Whether values that nobody can tell occur.
    pub(super) open: bool,
}

impl Generator {
    pub(super) fn expression(&mut self) -> String {
        let depth = self.random.below(3) + 1;
        self.any(depth)
    }

    fn any(&mut self, depth: usize) -> String {
        let kind = ['N', 'S', 'B', 'L', 'M', 'L', 'S'][self.random.below(7)];
        self.kind(kind, depth)
    }

    fn kind(&mut self, kind: char, depth: usize) -> String {
        if self.open && self.random.below(14) == 0 {
            return match kind {
                'L' | 'l' => format!("split(\",\", {OPEN})"),
                'N' | 'n' => format!("length({OPEN})"),
                'B' => format!("({OPEN} == \"x\")"),
                'M' | 'm' => format!("{{ a = {OPEN}, b = \"x\" }}"),
                _ => OPEN.to_owned(),
            };
        }
        if self.random.below(40) == 0 {
            return "null".to_owned();
        }
        let leaf = depth == 0 || kind.is_lowercase();
        let patterns = match (kind.to_ascii_uppercase(), leaf) {
            ('N', true) => NUMBERS,
            ('N', false) => NUMBER_FORMS,
            ('S', true) => TEXTS,
            ('S', false) => TEXT_FORMS,
            ('B', true) => TRUTHS,
            ('B', false) => TRUTH_FORMS,
            ('M', true) => MAPS,
            ('M', false) => MAP_FORMS,
            ('L', false) => LIST_FORMS,
            _ => LISTS,
        };
        let pattern = self.random.pick(patterns);
        if leaf { pattern.to_owned() } else { self.fill(pattern, depth - 1) }
    }

    /// Replaces `§X` in a pattern.
    fn fill(&mut self, pattern: &str, depth: usize) -> String {
        let mut out = String::new();
        let mut chars = pattern.chars();
        while let Some(c) = chars.next() {
            if c != '§' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some('#') => out.push_str(&self.random.range(-2, 9).to_string()),
                Some('+') => out.push_str(&self.random.range(0, 40).to_string()),
                Some('A') => out.push_str(&self.any(depth)),
                Some(kind) => out.push_str(&self.kind(kind, depth)),
                None => {}
            }
        }
        out
    }
}

const NUMBERS: &[&str] = &[
    "0",
    "1",
    "2",
    "3",
    "7",
    "-1",
    "2.5",
    "1e3",
    "10",
    "\"5\"",
    "0.1",
    "9007199254740993",
    "0.2",
    "1.0e-7",
    "12345678901234567890123",
    "-0.5",
];
const NUMBER_FORMS: &[&str] = &[
    "(§N + §N)",
    "(§N - §N)",
    "(§N * §N)",
    "(§N / §N)",
    "(§N % §N)",
    "-(§N)",
    "length(§L)",
    "length(§S)",
    "length(§M)",
    "max(§N, §N)",
    "min(§N, §N, §n)",
    "min(§L...)",
    "floor(§N)",
    "ceil(§N)",
    "abs(§N)",
    "signum(§N)",
    "sum([§N, §N])",
    "sum(§L)",
    "pow(§n, 2)",
    "log(§n, 10)",
    "parseint(§S, §+)",
    "parseint(\"ff\", 16)",
    "parseint(\"-1010\", 2)",
    "parseint(\"zZ\", 62)",
    "(§B ? §N : §N)",
    "tonumber(§S)",
    "index(§L, §s)",
    "try(§N, §n)",
    "one([§N])",
    "coalesce(§N, §n)",
    "§M.a",
    "§L[§#]",
    "element(§L, §#)",
    "jsondecode(\"[1.50, 1e2]\")[§#]",
    "length(range(§n))",
    "{ a = §N }[\"a\"]",
    "[§N, §N].1",
    "length(§S) / 3",
    "yamldecode(\"a: 1.5\").a",
];
const TEXTS: &[&str] = &[
    "\"\"",
    "\"a\"",
    "\"B c\"",
    "\"10.0.0.0/16\"",
    "\"192.168.4.0/22\"",
    "\"x-y-z\"",
    "\"é\"",
    "\"5\"",
    "\"true\"",
    "\"a,b\"",
    "\"us-east-1a\"",
    "\"fd00::/48\"",
    "\"  pad \"",
    "\"don't stop\"",
    "\"l1\\nl2\\n\"",
    "\"<&>\"",
];
const TEXT_FORMS: &[&str] = &[
    "\"p-${§S}-${§N}\"",
    "\"${§A}\"",
    "\"${§S}\"",
    "upper(§S)",
    "lower(§S)",
    "title(§S)",
    "join(\"-\", §L)",
    "join(§s, §L, §L)",
    "cidrsubnet(\"10.§+.0.0/16\", §#, §+)",
    "cidrsubnet(§S, §#, §#)",
    "cidrsubnet(\"fd00:1::/48\", 16, §+)",
    "cidrhost(\"10.0.0.0/24\", §+)",
    "cidrhost(§s, §#)",
    "cidrhost(\"fd00::/64\", §#)",
    "cidrnetmask(\"10.0.0.0/§+\")",
    "cidrnetmask(§S)",
    "replace(§S, \"/[a-c]+/\", \"_$0_\")",
    "replace(§S, §s, §s)",
    "format(\"%s|%d\", §S, §N)",
    "format(\"%s|%03d|%5.2f\", §S, §n, §N)",
    "format(\"%v %#v\", §A, §A)",
    "format(\"%q\", §S)",
    "format(\"%x %o %b %X\", §n, §n, §n, §n)",
    "format(\"%5s|%-5s|%.2s\", §S, §S, §S)",
    "format(\"%t %g %e\", §B, §N, §N)",
    "format(\"%+d % d %+.1f\", §n, §n, §N)",
    "format(\"%[2]s %[1]s\", §S, §S)",
    "format(\"%s\", §A)",
    "substr(§S, §#, §#)",
    "trimsuffix(§S, §s)",
    "trimprefix(§S, §s)",
    "trimspace(§S)",
    "trim(§S, §s)",
    "chomp(§S)",
    "indent(§#, §S)",
    "strrev(§S)",
    "element(§L, §#)",
    "§L[§#]",
    "tostring(§A)",
    "(§B ? §S : §S)",
    "lookup(§M, \"a\", §s)",
    "lookup(§M, §S)",
    "coalesce(§S, §S)",
    "coalesce(§A, §A)",
    "jsonencode(§A)",
    "yamlencode(§A)",
    "try(§M.zz, §s)",
    "try(§A, §S)",
    "\"%{ for x in §L ~} <${x}> %{ endfor ~}\"",
    "\"%{ for k, v in §M }${k}=${v};%{ endfor }\"",
    "\"%{ if §B }y%{ else }n%{ endif }\"",
    "\"%{ if §B ~} y %{~ endif ~} z\"",
    "base64encode(§S)",
    "base64decode(base64encode(§S))",
    "base64decode(§S)",
    "regex(\"[a-z]+\", §S)",
    "one([§S])",
    "one(§L)",
    "urlencode(§S)",
    "basename(§S)",
    "dirname(§S)",
    "basename(\"a/b/${§S}\")",
    "dirname(\"a/../b/${§s}\")",
    "§M[\"a\"]",
    "§M.b",
    "\"$${x} %%{y} ${§N}\"",
    "sensitive(§S) == null ? \"n\" : \"k\"",
    "split(\",\", §S)[0]",
    "csvdecode(\"a,b\\n1,2\\n3,x\")[§#].b",
    "terraform.workspace",
    "templatestring(local.t, { a = §A, b = §L })",
];
const TRUTHS: &[&str] = &["true", "false", "\"true\"", "\"false\""];
const TRUTH_FORMS: &[&str] = &[
    "(§N < §N)",
    "(§N <= §N)",
    "(§N > §N)",
    "(§N >= §N)",
    "(§A == §A)",
    "(§N == §N)",
    "(§N != §N)",
    "(§S == §S)",
    "(§S != §S)",
    "(§L == §L)",
    "(§M == §M)",
    "(§A != §A)",
    "(§B && §B)",
    "(§B || §B)",
    "!§B",
    "contains(§L, §S)",
    "contains(§L, §A)",
    "can(§A)",
    "can(§M.zz)",
    "can(tonumber(§S))",
    "startswith(§S, §s)",
    "endswith(§S, §s)",
    "strcontains(§S, §s)",
    "alltrue([§B, §B])",
    "anytrue([§B, §B])",
    "alltrue(§L)",
    "anytrue(§L)",
    "tobool(§S)",
    "tobool(§A)",
    "(§B ? §B : §B)",
    "try(§B, §B)",
    "issensitive(§A)",
    "(§A == null)",
    "(null != §L)",
    "startswith(\"abc-${§S}\", \"ab\")",
];
const LISTS: &[&str] = &[
    "[\"a\", \"b\", \"c\"]",
    "[]",
    "[\"x\"]",
    "[\"a\", 1, true]",
    "[\"b\", \"a\", \"a\"]",
    "tolist([\"q\", \"r\"])",
    "toset([\"b\", \"a\"])",
    "[null, \"a\"]",
    "[1, 2, 3]",
    "toset([3, 10, 2])",
    "[[\"a\"], [\"b\", \"c\"]]",
    "[true, false]",
    "tolist([])",
    "toset([])",
    "[{ a = 1 }, { a = 2 }]",
    "[\"1\", 2]",
];
const LIST_FORMS: &[&str] = &[
    "[§S, §S]",
    "[§A, §A]",
    "[§A]",
    "concat(§L, §L)",
    "concat(§L, §L, §l)",
    "[for i, x in §L : \"${i}${x}\"]",
    "[for x in §L : upper(x) if x != \"a\"]",
    "[for x in §L : x]",
    "[for k, v in §M : \"${k}\"]",
    "[for v in §M : v]",
    "[for x in §L : [for y in §L : y == x]]",
    "sort(§L)",
    "distinct(§L)",
    "compact(§L)",
    "keys(§M)",
    "values(§M)",
    "split(\",\", §S)",
    "split(§s, §S)",
    "slice(§L, 0, §#)",
    "slice(§L, §#, §#)",
    "flatten([§L, [§L]])",
    "flatten(§L)",
    "reverse(§L)",
    "cidrsubnets(\"10.0.0.0/16\", §#, §#, §#)",
    "cidrsubnets(§s, §#)",
    "range(§n, §n)",
    "range(§#)",
    "range(§#, §#, §#)",
    "setunion(§L, §L)",
    "setintersection(§L, §L)",
    "setsubtract(§L, §L)",
    "§L[*]",
    "[§M, §M][*].a",
    "§A[*]",
    "§M[*].a",
    "chunklist(§L, §#)",
    "toset(§L)",
    "tolist(§L)",
    "tolist(toset(§L))",
    "(§B ? §L : §L)",
    "setproduct(§L, §L)",
    "setproduct(toset(§L), §L)",
    "regexall(\"[a-b]\", §S)",
    "regexall(\"(a)(.)?\", §S)",
    "matchkeys(§L, §L, §l)",
    "formatlist(\"%s-%s\", §S, §L)",
    "formatlist(\"%v\", §L)",
    "coalescelist(§L, §L)",
    "try(§L, §l)",
    "jsondecode(jsonencode(§L))",
    "yamldecode(yamlencode(§L))",
    "csvdecode(\"a,b\\n1,2\\n\")",
    "regex(\"(.)(b)?\", §S)",
    "[§L, §L][*][0]",
    "§L.*",
    "[for x in §L : x...]",
    "element([§L, §L], §#)",
    "alltrue(§L) ? §L : §l",
    "[§M, §M].*.a",
    "values(§M)[*]",
    "sensitive(§L)",
    "concat(tolist(§L), tolist(§L))",
    "merge(§M, §M)[*]",
];
const MAPS: &[&str] = &[
    "{ a = 1, b = \"2\" }",
    "{}",
    "{ a = \"x\" }",
    "tomap({ a = \"1\", c = \"3\" })",
    "{ (upper(\"k\")) = [1], \"d e\" = null }",
    "{ a = { b = 1 } }",
    "{ a = null }",
    "tomap({})",
    "{ b = 2, a = 1 }",
    "{ \"a\" : \"y\", b : [\"z\"] }",
    "tomap({ a = 1 })",
];
const MAP_FORMS: &[&str] = &[
    "{ a = §S, b = §N }",
    "{ a = §A }",
    "{ a = §A, (§S) = §A }",
    "merge(§M, §M)",
    "merge(§M, §M, §m)",
    "merge([§M, §M]...)",
    "{ for k, v in §M : k => v }",
    "{ for k, v in §M : v => k }",
    "{ for i, x in §L : \"k${i}\" => x }",
    "{ for x in §L : x => x }",
    "{ for x in §L : \"${x}\" => length(\"${x}\")... }",
    "{ for x in §L : \"${x}\" => x if x != \"a\" }",
    "zipmap([\"a\", \"b\"], [§N, §S])",
    "zipmap(§L, §L)",
    "tomap(§M)",
    "jsondecode(jsonencode(§M))",
    "yamldecode(yamlencode(§M))",
    "transpose({ a = §L })",
    "transpose(§M)",
    "(§B ? §M : §M)",
    "try(§M, §m)",
    "regex(\"(?P<a>.)(?P<b>c)?\", §S)",
    "[§M, §M][§#]",
    "§M.a",
    "lookup({ x = §M }, \"x\", §M)",
    "coalesce(§M, §m)",
    "one([§M])",
    "yamldecode(\"a: [1, x]\\nb: {c: yes, d: 010}\\n\")",
    "nonsensitive(§M)",
];
