using Passerelle.Mail.Bodies;

namespace Passerelle.Mail.Tests.Bodies;

public class PlainStylesTests
{
    [Theory]
    [InlineData("color: red", "color: red")]
    [InlineData("COLOR:rgb(0, 0, 0);font-family:\"Open Sans\",sans-serif", "color: rgb(0, 0, 0); font-family: \"Open Sans\",sans-serif")]
    [InlineData("background:#fff", "background-color: #fff")]
    [InlineData("margin:0 0 0 .8ex;border-left:1px solid #ccc", "margin: 0 0 0 .8ex; border-left: 1px solid #ccc")]
    [InlineData("font: 12px/1.5 Arial !important", "font: 12px/1.5 Arial !important")]
    [InlineData("background:url(https://x.example/a.png)", "")]
    [InlineData("background-color:url(x)", "")]
    [InlineData("color:expression(alert(1))", "")]
    [InlineData("color:r\\65 d", "")]
    [InlineData("color:re/**/d", "")]
    [InlineData("width:calc(1px)", "")]
    [InlineData("color:var(--x)", "")]
    [InlineData("margin-left:-999px", "")]
    [InlineData("margin:0 -.5em", "")]
    [InlineData("position:fixed;top:0;color:red", "color: red")]
    [InlineData("color:red}body{display:none", "")]
    [InlineData("font-family:\"a", "")]
    [InlineData("color", "")]
    [InlineData(":red", "")]
    public void Only_what_text_looks_like_stays(string style, string kept) =>
        Assert.Equal(kept, PlainStyles.Of(style, new HashSet<string> { "color", "background-color", "font", "font-family", "margin", "margin-left", "border-left", "width" }));
}
