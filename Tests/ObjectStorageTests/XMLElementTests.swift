import Testing

@testable import ObjectStorage

@Suite struct XMLElementTests {
    private func parse(_ text: String) throws -> XMLElement { try XMLElement(parsing: Array(text.utf8)) }

    @Test func isReadWithItsText() throws {
        let text = """
            \u{FEFF}<?xml version="1.0" encoding="UTF-8"?>
            <!-- of a service -->
            <s3:List xmlns:s3='urn:x' a="&gt;/"><Key>a &amp;&lt;&#65;&#x1F600;&quot;</Key><Empty/><Key>b</Key
            ><Owner><ID>é</ID><!-- no --></Owner></s3:List>

            """
        let root = try parse(text)
        #expect(root.name == "List")
        #expect(root.children("Key").map(\.text) == ["a &<A😀\"", "b"])
        #expect(root.text("Empty") == "")
        #expect(root.child("Owner")?.text("ID") == "é")
        // Nobody could say which one counts.
        #expect(root.text("Key") == nil && root.text("None") == nil)
    }

    @Test(arguments: [
        ("", "an element is expected"), ("text", "an element is expected"), ("<a>", "no end"), ("<a></b>", "another"),
        ("<a/><b/>", "behind the document"), ("<a/>x", "behind the document"), ("<a b></a>", "no value"),
        ("<a b=c></a>", "quotation"), ("<a b='<'></a>", "no end"), ("<a b='></a>", "no end"),
        ("<a>&b;</a>", "reference"),
        ("<a>&#0;</a>", "reference"), ("<a>&#xD800;</a>", "reference"), ("<a>&amp</a>", "reference"),
        ("<a>\u{1}</a>", "control"), ("<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "name"),
        ("<a><![CDATA[b]]></a>", "name"), ("<a><?b?></a>", "name"), ("<a><!-- </a>", "comment"),
        ("<?xml version='1.0'", "declaration"), ("<a></a ", "no end"), ("< a></a>", "name"),
    ])
    func whatAnswersDoNotHaveIsRefused(_ text: String, _ reason: String) throws {
        let error = #expect(throws: XMLError.self) { try parse(text) }
        #expect(error?.reason.contains(reason) == true, "\(String(describing: error))")
    }

    @Test func depthAndSizeAreBounded() throws {
        func nested(_ depth: Int) -> String {
            String(repeating: "<a>", count: depth) + String(repeating: "</a>", count: depth)
        }
        _ = try parse(nested(16))
        #expect(throws: XMLError.self) { try parse(nested(17)) }
        #expect(throws: XMLError.self) { try parse(nested(100_000)) }
        #expect(throws: XMLError.self) { try XMLElement(parsing: Array("<a>bcd</a>".utf8), largestSize: 9) }
        #expect(throws: XMLError.self) { try XMLElement(parsing: Array("<a>".utf8) + [0xFF] + Array("</a>".utf8)) }
    }
}
