using Fluid;
using Fluid.Ast;
using Fluid.Values;

namespace Passerelle.Flows.Liquid;

/// <summary>What Liquid allows and flows do not: other files, and ranges whose size nobody knows (Fluid builds them whole).</summary>
internal sealed class Forbidden : AstVisitor
{
    private const int WidestRange = 1_000;
    private string? _found;

    /// <returns>A sentence; null when there is nothing forbidden.</returns>
    public static string? In(IFluidTemplate template)
    {
        var visitor = new Forbidden();
        visitor.VisitTemplate(template);
        return visitor._found;
    }

    protected override Statement VisitIncludeStatement(IncludeStatement includeStatement) => Refuse(includeStatement, "include");

    protected override Statement VisitRenderStatement(RenderStatement renderStatement) => Refuse(renderStatement, "render");

    protected override Expression VisitRangeExpression(RangeExpression rangeExpression)
    {
        if (rangeExpression is not { From: LiteralExpression { Value: NumberValue from }, To: LiteralExpression { Value: NumberValue to } }
            || to.ToNumberValue() - from.ToNumberValue() > WidestRange)
        {
            _found = $"A range needs two plain numbers at most {WidestRange} apart, as in (1..10)";
        }
        return rangeExpression;
    }

    private Statement Refuse(Statement statement, string tag)
    {
        _found = $"The tag {tag} is not available: a flow has no other files. Write its text here";
        return statement;
    }
}
