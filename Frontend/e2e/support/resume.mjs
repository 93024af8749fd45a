/** A real PDF of a made-up nurse's resume, printed by the browser. */
export const resumeOfMaeve = {
  name: 'Maeve Donnelly',
  role: 'Staff nurse, intensive care',
  html: `<!doctype html><meta charset="utf-8"><style>
    body { font: 11pt/1.4 Liberation Sans, sans-serif; margin: 18mm } h1 { margin: 0; font-size: 20pt } h2 { font-size: 12pt; border-bottom: 1px solid #888 }
    .row { display: flex; justify-content: space-between; font-weight: bold } ul { margin: 2pt 0 8pt } </style>
    <h1>Maeve Donnelly</h1><p>Registered Nurse, Medical ICU<br>maeve.donnelly@example.org</p>
    <h2>CLINICAL EXPERIENCE</h2>
    <div class="row"><span>St. Brendan Hospital</span><span>Mar 2019 – present</span></div><p>Staff Nurse, Medical ICU</p>
    <ul><li>Led a central-line bundle audit that cut CLABSI from 2.1 to 0.6 per 1,000 line days</li>
    <li>Introduced SBAR bedside handover on a 28-bed unit after two missed antibiotic doses</li>
    <li>Precept 4 new graduates a year through their first twelve weeks</li></ul>
    <div class="row"><span>Lakeside Community Hospital</span><span>Jun 2015 – Feb 2019</span></div><p>Staff Nurse, Acute Medicine</p>
    <ul><li>Triaged up to 40 walk-in patients a shift in the rapid assessment area</li>
    <li>Supported families through end-of-life conversations together with the palliative team</li></ul>
    <h2>EDUCATION</h2><p>BSc Nursing, Riverbend University, 2011 – 2015</p>
    <h2>SKILLS</h2><p>Ventilator management, sepsis recognition, wound care, medication safety</p>`,
};

export async function printPdf(browser, html) {
  const page = await browser.newPage();
  try {
    await page.setContent(html);
    return await page.pdf({ format: 'A4' });
  } finally {
    await page.close();
  }
}
