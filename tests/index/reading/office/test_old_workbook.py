"""A workbook from before 2007 is read as it is shown."""

from __future__ import annotations

import base64
import zlib

import pytest

from index.reading.blocks import Unreadable
from index.reading.files import read

STORED = (
    'c-rk)U1*zC7=F)}pML4OHf`5AyIJG3|7q<QXhmn+b<+-&ikm-3!DY$UHZE;S8ev7$%-S2-KpCPJ0~ypI2%Dnl#S~'
    'kw1}b{93&laVD`j3p@rQwJeBSpvNxyZeG-(lZJ>~h%$$Q@O`~ID`-+og$cj|-MOSGiiOD<Z-_{i&^DZrQg;U_XQZ'
    '6TA%WXYNJ@}Da6x@H-=AwLhmGA{v4E!$FEub2N{d5q%tOHzRL(kSW#O;90aGc?9I-%7?TtdMV|WqtkP*JuCDe%uA'
    '*vw!yYZ2ud8GGHT64pi77fGUA1pc>c&)QC<H-2`j_ZU$<Bt-v<m7N8Ee6$k*g0o#GwfjfYDy}w3XGg{DY1%jH^j{'
    '44ZpR^{$XF`fz51rfi6^mSCe+e4#zI#^m;xaHmW2_s!p;$QZZ<XD$hmhhu%s@$ZDK~W0pp!s3ofZ10^4%r+htf@f'
    'POZ~V8Qrq`<MQ1u-*S8veIjGN7s?K3;t!(duZbBbDp9=@q8LT#5IkWN9JO?wE$k)XVEa%#(!*S<>8*2@(KK7xgVv'
    '~(2*v8$K6;05xud<KzRq1qr`g;lPzKsYMh4m<kvXxiY5F}AaM<!pfa$z|(0^MQ-6)VwHynK$cbD&;TW$XIQhM_;^'
    'x!h|mSyO^ymW$Y$bQ^Q>8G!wpD^$vMH#OBDVNlhDX-L3DYw+ssS>F-r97E~Vi8lYk7|$Y0d`x7<nZ_ueEu6HY)vl'
    'ei$;zS8=#_DWdcM8jw`wXGeICoKP^jp({f>^9ZU>bOc0c#y^}Vi*<e2hqe({<0*pDMy7BF%x?lWuh%ur2CPIk$C!'
    ')+>)Fa`j#12ogJJkD!LkWxP=xCVho>;_6aDOxr=KfwQ5=y|Gja%V_mCPWDnRM1|N3pP311w6nM%M<1I@=}suW^ZG'
    '*nb3PWfxK@XYpgYw%%=5F5gw#^^DL{v^Zlu3xR^_D0*hyEi$52zAp=JHdIau?G^bp<i`Kl)#zw9<=W}4W=H!J9Ge'
    'fjB9V)M)q-kEnRjyb;9OU>R`fV}OnO0%P3l#%LZ7r;DqC+@UZ&yK?V#<hRE5w~9-5Jd=5o*ipv}v(!G0)^{-y9s<'
    '$f7*pY|^$oH7S?#^=e3WTxvyqg2kfnZ7t<2)7~Jy!X%G{0-qAl84719~orxxP-@}d0fKtrSLSIW1gSsQC>gYXUj5'
    'eYW?JCv6FO%y+*o8=)SZ+&qK<fQW?i%c%}P|D*D)K$0DNpL^k~7u}_v=0A&cuJ!Cp3QrXAbji!Mr_swdca%k3~7V'
    '#Z8WfpMC%q&7?rbA}5dYKhj6kf5eQu__>Hw|0m?XCy-&HP9-oQRLd2a|!lN5WPtaL?Us2SSIeSj>_e*&Q7m>|9Om'
    'plr`vbXmxdh(6D}G&lA3uUGqr{qMbQQfuRf-?4b!(vDo|3uh(m(|N{#zRF>pZzOfjk<xj`F&##JnzwTZ9upt4M#m'
    '<O#7O5A+~1++&X()ilNX<VD0NXe+iQJ(34a&9zHqXAtN+BCIDhc!nLQl9me2-to|Fxfe#aRf)~=a!uEhPFy1&~IR'
    '{5@a#>Sqo664YM=(Tsm_q(%w$Floh%lu#VzeI=gjgd2z+3hE>dV&t)A;J4NT=4y~`#1DCGX><;`+QkF?Zvty$Z-0'
    'xhi8jg-{r``S2Cu7*U#BWKe7R<X#3+}SZMy=q;qx2NoYSkhx3mhD`DC1gBA>mOqh~Hwh{;BpXRdH_Y`pd&A|EG`g'
    '^cKSoUCv1{SuT&LYm=2E4oe{~sxT1MnIz<N'
)  # fmt: skip
"""Two sheets, one hidden; a table with shares, dates and a hidden row. Nothing writes this format
any more but office programs."""


def old_workbook() -> bytes:
    return zlib.decompress(base64.b85decode(STORED))


def test_values_are_read_as_they_are_shown_and_what_is_hidden_is_counted() -> None:
    reading = read(".xls", old_workbook())
    assert reading.text.split("\n\n") == [
        "Berths",
        "Berth: Alder; Share: 12.5%; Since: 2020-05-01.",
        "Berth: Birch; Share: 25.0%; Since: 2021-06-02.",
    ]
    assert reading.left_out == {"hidden sheet": 1, "hidden row": 1}
    assert reading.structure[0].facts == {"name": "Berths"}


@pytest.mark.parametrize("content", [b"Berth;Price", old_workbook()[:700]])
def test_what_is_no_old_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(Unreadable):
        read(".xls", content)
