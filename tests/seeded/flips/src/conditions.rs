//! The conditions of a source file: the smallest expressions that are true or false and decide something.

use std::ops::Range;

use syn::spanned::Spanned;
use syn::visit::{self, Visit};
use syn::{BinOp, Block, Expr, ReturnType, Stmt, Type, UnOp};

/// Methods whose closure tells true from false.
const ASKING: [&str; 13] = [
    "all",
    "any",
    "filter",
    "find",
    "is_none_or",
    "is_ok_and",
    "is_some_and",
    "partition",
    "partition_point",
    "position",
    "retain",
    "skip_while",
    "take_while",
];

#[derive(Debug, Clone, Copy)]
pub(crate) enum Kind {
    Bool,
    /// `Tri`: yes, no, maybe.
    Tri,
}

#[derive(Debug)]
pub(crate) struct Condition {
    pub(crate) range: Range<usize>,
    /// Line and column, from one.
    pub(crate) place: (usize, usize),
    pub(crate) kind: Kind,
}

/// The conditions of a text, in its order; what only tests see is left out, and so is what is worked out while building.
pub(crate) fn of(text: &str) -> syn::Result<Vec<Condition>> {
    let mut found = Found::default();
    found.visit_file(&syn::parse_file(text)?);
    // One that holds others begins no later than they do, and its wrapper has to be outside.
    found.all.sort_by_key(|one| (one.range.start, std::cmp::Reverse(one.range.end)));
    found.all.dedup_by_key(|one| one.range.clone());
    Ok(found.all)
}

#[derive(Default)]
struct Found {
    all: Vec<Condition>,
    /// What the function around returns, if that is a condition.
    returned: Option<Kind>,
}

impl Found {
    /// An expression that is known to be a condition: its smallest parts that are some too.
    fn condition(&mut self, expr: &Expr, kind: Kind) {
        match expr {
            Expr::Paren(inner) => self.condition(&inner.expr, kind),
            Expr::Unary(not) if matches!(not.op, UnOp::Not(_)) => self.condition(&not.expr, kind),
            Expr::Binary(both) if joins(&both.op) => {
                self.condition(&both.left, kind);
                self.condition(&both.right, kind);
            }
            Expr::Block(block) => self.tail(&block.block, kind),
            Expr::If(choice) => {
                self.tail(&choice.then_branch, kind);
                if let Some((_, other)) = &choice.else_branch {
                    self.condition(other, kind);
                }
            }
            Expr::Match(choice) => {
                for arm in &choice.arms {
                    self.condition(&arm.body, kind);
                }
            }
            Expr::Let(_) | Expr::Return(_) | Expr::Continue(_) | Expr::Break(_) => {}
            _ => self.add(expr, kind),
        }
    }

    fn add(&mut self, expr: &impl Spanned, kind: Kind) {
        let (span, start) = (expr.span(), expr.span().start());
        let place = (start.line, start.column + 1);
        self.all.push(Condition { range: span.byte_range(), place, kind });
    }

    /// The last expression of a block that is a condition.
    fn tail(&mut self, block: &Block, kind: Kind) {
        if let Some(Stmt::Expr(last, None)) = block.stmts.last() {
            self.condition(last, kind);
        }
    }

    fn function(&mut self, signature: &syn::Signature, body: &Block) {
        if signature.constness.is_some() {
            return;
        }
        let before = std::mem::replace(&mut self.returned, kind(&signature.output));
        if let Some(kind) = self.returned {
            self.tail(body, kind);
        }
        self.visit_block(body);
        self.returned = before;
    }
}

/// Whether it joins two conditions.
fn joins(op: &BinOp) -> bool {
    matches!(op, BinOp::And(_) | BinOp::Or(_))
}

fn compares(op: &BinOp) -> bool {
    use BinOp::{Eq, Ge, Gt, Le, Lt, Ne};
    matches!(op, Eq(_) | Ne(_) | Lt(_) | Le(_) | Gt(_) | Ge(_))
}

/// The kind of condition that a function returns.
fn kind(output: &ReturnType) -> Option<Kind> {
    let ReturnType::Type(_, returned) = output else { return None };
    let Type::Path(path) = &**returned else { return None };
    match path.path.segments.last()?.ident.to_string().as_str() {
        "bool" => Some(Kind::Bool),
        "Tri" => Some(Kind::Tri),
        _ => None,
    }
}

/// Whether only tests see it.
fn is_test(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|one| {
        one.path().is_ident("cfg")
            && one.parse_args::<syn::Path>().is_ok_and(|path| path.is_ident("test"))
    })
}

impl<'a> Visit<'a> for Found {
    fn visit_item_mod(&mut self, module: &'a syn::ItemMod) {
        if !is_test(&module.attrs) {
            visit::visit_item_mod(self, module);
        }
    }

    // Worked out while building.
    fn visit_item_const(&mut self, _: &'a syn::ItemConst) {}
    fn visit_item_static(&mut self, _: &'a syn::ItemStatic) {}
    fn visit_impl_item_const(&mut self, _: &'a syn::ImplItemConst) {}

    fn visit_item_fn(&mut self, function: &'a syn::ItemFn) {
        self.function(&function.sig, &function.block);
    }

    fn visit_impl_item_fn(&mut self, function: &'a syn::ImplItemFn) {
        self.function(&function.sig, &function.block);
    }

    fn visit_expr_closure(&mut self, closure: &'a syn::ExprClosure) {
        let before = std::mem::replace(&mut self.returned, kind(&closure.output));
        visit::visit_expr_closure(self, closure);
        self.returned = before;
    }

    fn visit_expr_return(&mut self, back: &'a syn::ExprReturn) {
        if let (Some(kind), Some(expr)) = (self.returned, &back.expr) {
            self.condition(expr, kind);
        }
        visit::visit_expr_return(self, back);
    }

    fn visit_expr_if(&mut self, choice: &'a syn::ExprIf) {
        self.condition(&choice.cond, Kind::Bool);
        visit::visit_expr_if(self, choice);
    }

    fn visit_expr_while(&mut self, repeated: &'a syn::ExprWhile) {
        self.condition(&repeated.cond, Kind::Bool);
        visit::visit_expr_while(self, repeated);
    }

    fn visit_pat_guard(&mut self, guarded: &'a syn::PatGuard) {
        self.condition(&guarded.guard, Kind::Bool);
        visit::visit_pat_guard(self, guarded);
    }

    fn visit_expr_binary(&mut self, both: &'a syn::ExprBinary) {
        if joins(&both.op) {
            self.condition(&both.left, Kind::Bool);
            self.condition(&both.right, Kind::Bool);
        } else if compares(&both.op) {
            self.add(both, Kind::Bool);
        }
        visit::visit_expr_binary(self, both);
    }

    fn visit_expr_unary(&mut self, one: &'a syn::ExprUnary) {
        if matches!(one.op, UnOp::Not(_)) && !is_number(&one.expr) {
            self.condition(&one.expr, Kind::Bool);
        }
        visit::visit_expr_unary(self, one);
    }

    fn visit_expr_method_call(&mut self, call: &'a syn::ExprMethodCall) {
        let name = call.method.to_string();
        if ASKING.contains(&name.as_str())
            && let Some(Expr::Closure(closure)) = call.args.last()
        {
            self.condition(&closure.body, Kind::Bool);
        }
        let is_chosen = matches!(
            (name.as_str(), call.args.first()),
            ("then", Some(Expr::Closure(_))) | ("then_some", Some(_))
        );
        if is_chosen {
            self.condition(&call.receiver, Kind::Bool);
        }
        visit::visit_expr_method_call(self, call);
    }
}

/// Whether the bits of a written number are turned round, which is no condition.
fn is_number(expr: &Expr) -> bool {
    match expr {
        Expr::Paren(inner) => is_number(&inner.expr),
        Expr::Binary(both) => matches!(both.op, BinOp::Shl(_) | BinOp::Shr(_)),
        _ => false,
    }
}
