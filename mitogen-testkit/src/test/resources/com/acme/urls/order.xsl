<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform">
  <xsl:include href="parts/item.xsl"/>
  <xsl:output method="text"/>
  <xsl:template match="order">order of <xsl:apply-templates/></xsl:template>
</xsl:stylesheet>
