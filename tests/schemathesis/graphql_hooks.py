from graphql import IDLE, REMOVE, NullValueNode, Visitor, parse, print_ast, visit

import schemathesis


class FirstPages(Visitor):
    """Keeps only `first` of the arguments of a page: `last` excludes `first`, and generated cursors
    exist in no list."""

    def enter_argument(self, argument, _key, siblings, *_):
        given = {each.name.value for each in siblings if not isinstance(each.value, NullValueNode)}
        others = {"last", "after", "before"}
        return REMOVE if "first" in given and argument.name.value in others else IDLE


@schemathesis.hook
def before_call(context, case, kwargs):
    if case.meta.generation.mode.is_positive:
        case.body = print_ast(visit(parse(case.body), FirstPages()))
